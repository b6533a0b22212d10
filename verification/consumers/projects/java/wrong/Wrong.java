import io.github.tapstack.encryptedstorage.EncryptedBucket;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;

final class Wrong {
    public static void main(final String[] arguments) {
        // a number where a duration belongs: the compiler has to refuse it
        EncryptedBucket.Builder.create(new Stack(new App(), "Wrong"), "Store").supersededVersionsKeptFor(30).build();
    }
}
