package proofs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import software.amazon.event.ruler.Ruler;

/** Reads questions, [{pattern, event}], and writes an answer to each: true, false, or {invalid} for what is no pattern. */
public final class Matcher {
    public static void main(String[] arguments) throws Exception {
        ObjectMapper json = new ObjectMapper();
        ArrayNode answers = json.createArrayNode();
        for (JsonNode question : json.readTree(System.in)) {
            try {
                answers.add(Ruler.matchesRule(question.get("event").toString(), question.get("pattern").asText()));
            } catch (Exception problem) {
                answers.add(json.createObjectNode().put("invalid", problem.getMessage()));
            }
        }
        System.out.println(answers);
    }

    private Matcher() {}
}
