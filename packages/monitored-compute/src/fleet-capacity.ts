/**
 * How many instances a fleet has, and who decides it.
 */
export class FleetCapacity {
  /**
   * Always the same instances, each with alarms of its own. One that fails stays until somebody replaces it.
   *
   * @param instances how many, at least 1; from 2 on they are spread over availability zones
   */
  public static fixed(instances: number): FleetCapacity {
    return new FleetCapacity(instances, instances, false);
  }

  /**
   * An Auto Scaling group: it follows the load, and replaces what fails.
   *
   * @param minimum the fewest instances, at least 1
   * @param maximum the most instances, more than the minimum: an update brings up a new one before an old one goes
   * @param cpuTargetPercent the load of the processors that is aimed at, on average over the fleet. Above 0 and below 100
   */
  public static between(minimum: number, maximum: number, cpuTargetPercent: number = 60): FleetCapacity {
    return new FleetCapacity(minimum, maximum, true, cpuTargetPercent);
  }

  private constructor(
    /** The fewest instances. */
    public readonly minimum: number,
    /** The most instances. */
    public readonly maximum: number,
    /** Whether an Auto Scaling group decides. */
    public readonly scales: boolean,
    /** The load that is aimed at; absent if the number is fixed. */
    public readonly cpuTargetPercent?: number,
  ) {}
}
