namespace Laurel.App.Tests.Platform;

/// <summary>
/// A test that needs several nodes. Its name is filtered out by the gate where it runs on SQLite; alone it is skipped there.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute()
    {
        if (!TestDatabase.IsPostgres) Skip = "needs LAUREL_POSTGRES (tests/postgres makes a server)";
    }
}
