using System.Globalization;
using System.Reflection;
using Dapper;

namespace Laurel.Storage;

/// <summary>Numbered SQL, forward only. Each runs once, in a transaction of its own together with the note that it ran.</summary>
internal static class Migrations
{
    /// <summary>The number of this program's last migration.</summary>
    public static int Newest => All(Dialect.Sqlite)[^1].Number;

    public static int Run(Database database)
    {
        database.Write((c, t) =>
            c.Execute("CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL)", transaction: t));
        var done = database.Write((c, t) => c.Query<int>("SELECT number FROM migration", transaction: t).ToHashSet());
        var all = All(database.Dialect);
        if (done.Count > 0 && done.Max() > all[^1].Number)
            throw new InvalidOperationException(
                $"The database was written by a newer Laurel (migration {done.Max()}; this program knows {all[^1].Number}).");
        var missing = all.Where(m => !done.Contains(m.Number)).ToList();
        foreach (var migration in missing)
            database.Write((c, t) =>
            {
                c.Execute(database.Dialect.Schema(migration.Sql), transaction: t);
                c.Execute("INSERT INTO migration (number, name) VALUES (@Number, @Name)", new { migration.Number, migration.Name }, t);
            });
        return missing.Count;
    }

    private static List<Migration> All(Dialect dialect)
    {
        var assembly = Assembly.GetExecutingAssembly();
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
            // 0007_totals.postgres.sql is for PostgreSQL alone.
            .Where(name => name.Count(c => c == '.') == 1 || name.EndsWith($".{dialect.Name}.sql", StringComparison.Ordinal))
            .Select(name => new Migration(int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name[5..^4], Text(assembly, name)))
            .OrderBy(m => m.Number)];
    }

    private static string Text(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    private sealed record Migration(int Number, string Name, string Sql);
}
