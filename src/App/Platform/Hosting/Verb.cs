using System.CommandLine;
using Laurel.App.Platform.Work;
using Laurel.Storage;

namespace Laurel.App.Platform.Hosting;

/// <summary>What all command-line verbs share: the database option, opening it, and the exit codes.</summary>
public static class Verb
{
    /// <summary>Done, also where single items were rejected.</summary>
    public const int Done = 0;
    /// <summary>Found something wrong, or nothing readable.</summary>
    public const int FoundWrong = 1;
    /// <summary>Bad usage, mapping or setup; or the database belongs to a running Laurel.</summary>
    public const int BadUsage = 2;

    public static Option<string> DatabaseOption() => new("--database")
    {
        Description = "The database file.",
        DefaultValueFactory = _ => "data/laurel.db",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary>The exit code of a verb that ran due work; what failed is told, one line each.</summary>
    public static int Told(WorkDone work)
    {
        foreach (var failed in work.Failed) Console.Error.WriteLine($"laurel: work that failed and stays due: {failed}");
        return work.Failed.Count == 0 ? Done : FoundWrong;
    }

    /// <summary>Opens the database for changing it, as its only owner, with the schema up to date.</summary>
    public static int Change(string path, Func<Database, int> work)
    {
        using var owner = DatabaseOwner.Take(path);
        if (owner is null)
        {
            Console.Error.WriteLine($"laurel: {path} belongs to a Laurel that is running; stop it first, or do this on its pages.");
            return BadUsage;
        }
        using var database = new SqliteDatabase(path);
        database.Migrate();
        return work(database);
    }

    /// <summary>The same for work that waits.</summary>
    public static async Task<int> ChangeAsync(string path, Func<Database, Task<int>> work)
    {
        using var owner = DatabaseOwner.Take(path);
        if (owner is null)
        {
            await Console.Error.WriteLineAsync(
                $"laurel: {path} belongs to a Laurel that is running; stop it first, or do this on its pages.");
            return BadUsage;
        }
        using var database = new SqliteDatabase(path);
        database.Migrate();
        return await work(database);
    }

    /// <summary>Opens an existing database for reading, also beside a running Laurel.</summary>
    public static int Look(string path, Func<Database, int> work)
    {
        if (!File.Exists(path))
        {
            Console.Error.WriteLine($"laurel: there is no database {path}");
            return BadUsage;
        }
        using var database = new SqliteDatabase(path);
        return work(database);
    }
}
