import { Parameter } from './read-template';

/** Whether CloudFormation would take the value: one of the allowed ones, of an allowed length, and all of it like the pattern. */
export function accepts({ AllowedValues, AllowedPattern, MinLength = 0, MaxLength = Infinity }: Parameter, value: string): boolean {
  return (AllowedValues?.includes(value) ?? true)
    && value.length >= MinLength && value.length <= MaxLength
    && (AllowedPattern === undefined || new RegExp(`^(?:${AllowedPattern})$`).test(value));
}
