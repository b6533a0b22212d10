import { Corpus } from '../../patterns/pattern';
import { deploymentFailures } from './deployment-failures';
import { accessAnalyzerFindings, guardDutyFindings, inspectorFindings, securityHubFindings } from './findings';
import { furtherChanges } from './further-changes';
import { openedSecurityGroups, securityGroupChanges } from './security-group-changes';
import { trailChanges } from './trail-changes';

/** What happens on the bus, by the construct id of the rule that must see it. */
export const RULES: Corpus[] = [
  securityGroupChanges, openedSecurityGroups, ...furtherChanges, trailChanges, deploymentFailures, guardDutyFindings, accessAnalyzerFindings,
  securityHubFindings, inspectorFindings,
];
