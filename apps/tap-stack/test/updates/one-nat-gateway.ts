/** One NAT gateway for all zones, where each zone has its own. */
import { Egress } from '@tapstack/secure-network';
import { alterNetworks } from './altered-network';

alterNetworks((props) => ({ ...props, egress: props.egress === Egress.PER_ZONE ? Egress.SINGLE : props.egress }));
