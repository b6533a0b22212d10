import * as network from '@tapstack/secure-network';
import { Construct } from 'constructs';

export type Alteration = (props: network.SecureVpcProps) => network.SecureVpcProps;

/**
 * Lets environments that are loaded afterwards build their networks with other props: an environment has one layout, and what
 * is deployed may come from a version that had another.
 */
export function alterNetworks(alter: Alteration): void {
  class AlteredVpc extends network.SecureVpc {
    constructor(scope: Construct, id: string, props: network.SecureVpcProps = {}) {
      super(scope, id, alter(props));
    }
  }
  require.cache[require.resolve('@tapstack/secure-network')]!.exports = { ...network, SecureVpc: AlteredVpc };
}
