import * as rds from 'aws-cdk-lib/aws-rds';

/**
 * A database engine, with what it takes to make it log and to make it insist on TLS.
 */
export class DatabaseEngine {
  /**
   * MySQL 8.4, the line with long-term support, in the minor version that RDS prefers and upgrades by itself.
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/MySQL.Concepts.VersionMgmt.html
   */
  public static readonly MYSQL_8_4 = DatabaseEngine.mysqlOf(() => rds.MysqlEngineVersion.of('8.4', '8.4'));

  /**
   * Another version of MySQL. Name the line, as in `MysqlEngineVersion.of('8.4', '8.4')`, rather than a patch: RDS
   * withdraws patches after a while, and a template that pins one cannot be deployed afresh then.
   *
   * @param version the version
   */
  public static mysql(version: rds.MysqlEngineVersion): DatabaseEngine {
    return DatabaseEngine.mysqlOf(() => version);
  }

  private static mysqlOf(version: () => rds.MysqlEngineVersion): DatabaseEngine {
    return new DatabaseEngine(() => rds.DatabaseInstanceEngine.mysql({ version: version() }), 3306, ['error', 'general', 'slowquery'], {
      // instances know 0 and 1, unlike clusters, which know OFF and ON
      require_secure_transport: '1',
      // without these three the logs `general` and `slowquery` are exported, and stay empty
      general_log: '1',
      slow_query_log: '1',
      log_output: 'FILE',
    });
  }

  private constructor(
    // asked for when a database is made: whoever makes none does not load the CDK's module for them
    private readonly engineOf: () => rds.IInstanceEngine,
    /** The port on which everybody expects the engine. */
    public readonly usualPort: number,
    /** The logs that the engine exports, by the names that RDS gives them. */
    public readonly logExports: string[],
    /** The parameters that make it insist on TLS and write these logs. */
    public readonly parameters: { [name: string]: string },
  ) {}

  /** The engine, as CDK knows it. */
  public get engine(): rds.IInstanceEngine {
    return this.engineOf();
  }
}
