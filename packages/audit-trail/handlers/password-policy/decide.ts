/** What IAM asks of passwords: numbers that can be higher, and demands that can be made. */
export interface PasswordPolicy {
  readonly MinimumPasswordLength?: number;
  readonly PasswordReusePrevention?: number;
  readonly MaxPasswordAge?: number;
  readonly RequireSymbols?: boolean;
  readonly RequireNumbers?: boolean;
  readonly RequireUppercaseCharacters?: boolean;
  readonly RequireLowercaseCharacters?: boolean;
  readonly AllowUsersToChangePassword?: boolean;
  readonly HardExpiry?: boolean;
}

/** What is always asked for, whatever the account asked before. */
const DEMANDS = {
  RequireSymbols: true, RequireNumbers: true, RequireUppercaseCharacters: true, RequireLowercaseCharacters: true, AllowUsersToChangePassword: true,
};

/**
 * The policy to set, or nothing if the account asks for as much already.
 *
 * IAM replaces the whole policy, so what the account asks for beyond `wanted` is repeated: nothing gets weaker.
 */
export function strengthened(wanted: { length: number; reuse: number }, existing: PasswordPolicy = {}): PasswordPolicy | undefined {
  const length = Math.max(wanted.length, existing.MinimumPasswordLength ?? 0);
  const reuse = Math.max(wanted.reuse, existing.PasswordReusePrevention ?? 0);
  const enough = length === existing.MinimumPasswordLength && reuse === existing.PasswordReusePrevention
    && (Object.keys(DEMANDS) as (keyof typeof DEMANDS)[]).every((demand) => existing[demand]);
  if (enough) return undefined;

  return {
    MinimumPasswordLength: length,
    PasswordReusePrevention: reuse,
    ...DEMANDS,
    // passwords that never expire are told by 0, which cannot be set
    MaxPasswordAge: existing.MaxPasswordAge || undefined,
    HardExpiry: existing.HardExpiry || undefined,
  };
}
