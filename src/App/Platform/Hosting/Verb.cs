using System.CommandLine;
using System.Data.Common;
using Laurel.App.Platform.Work;
using Laurel.Storage;

namespace Laurel.App.Platform.Hosting;

/// <summary>A verb with the line that its help shows as example.</summary>
public sealed class VerbCommand(string name, string description, string example) : Command(name, description)
{
    public string Example { get; } = example;
}

/// <summary>What all command-line verbs share: the database option, opening it, and the exit codes.</summary>
public static class Verb
{
    /// <summary>Done, also where single items were rejected.</summary>
    public const int Done = 0;
    /// <summary>Found something wrong, or nothing readable; or what was begun could not be ended.</summary>
    public const int FoundWrong = 1;
    /// <summary>Bad usage, mapping or setup; or a database, address or file that cannot be used. Nothing was changed.</summary>
    public const int BadUsage = 2;
    /// <summary>What shells expect of a program that Ctrl-C stopped.</summary>
    public const int Interrupted = 130;

    /// <summary>Where the database is when nobody says: an address with a password is better not written on a command line.</summary>
    public const string DatabaseVariable = "LAUREL_DATABASE";

    public static Option<string> DatabaseOption() => new("--database")
    {
        Description =
            $"The database: a file, or the address of a PostgreSQL one (postgres://user@host/name). {DatabaseVariable} names the default.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(DatabaseVariable) is { Length: > 0 } given ? given : "data/laurel.db",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary>The exit code of a verb that ran due work; what failed is told, one line each.</summary>
    public static int Told(WorkDone work)
    {
        foreach (var failed in work.Failed) Console.Error.WriteLine($"laurel: work that failed and stays due: {failed}");
        return work.Failed.Count == 0 ? Done : FoundWrong;
    }

    /// <summary>Says why nothing was done; the exit code of bad usage.</summary>
    public static int Refuse(string why)
    {
        Console.Error.WriteLine($"laurel: {why}");
        return BadUsage;
    }

    /// <summary>
    /// Asks on the error stream, so that the output can go to a file; anything but yes is no. Null where input does not come from
    /// a terminal: nobody is there to answer.
    /// </summary>
    public static bool? Ask(string question)
    {
        if (Console.IsInputRedirected) return null;
        Console.Error.Write(question);
        return Console.ReadLine()?.Trim() is { } said
            && (said.Equals("y", StringComparison.OrdinalIgnoreCase) || said.Equals("yes", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>
    /// Makes this process the only owner of a database file; a PostgreSQL database is everybody's. Null, and said why, where it
    /// cannot be.
    /// </summary>
    /// <param name="instead">What to do where Laurel is running, after "stop it first".</param>
    public static IDisposable? Own(string place, string instead)
    {
        if (PostgresDatabase.IsAddress(place)) return new Everybodys();
        if (SqliteFile.RefusesChange(place) is { } refusal)
        {
            Refuse(refusal);
            return null;
        }
        try
        {
            if (DatabaseOwner.Take(place) is { } owner) return owner;
            Refuse($"{place} belongs to a Laurel that is running; stop it first{instead}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Refuse($"{place} cannot be made: {failure.Message}");
        }
        return null;
    }

    /// <summary>Opens what is owned, with the schema up to date. Null, and said why, where that fails.</summary>
    public static Database? Open(string place) => Opened(place, database => database.Migrate());

    /// <summary>The same for looking at it as it is.</summary>
    public static Database? Reach(string place) => Opened(place, database => database.Read().Dispose());

    private static Database? Opened(string place, Action<Database> tryIt)
    {
        Database? database = null;
        try
        {
            database = At(place);
            tryIt(database);
            return database;
        }
        // What keeps a server's address from being one is told in as many kinds as there are libraries below.
        catch (Exception failure)
            when (failure is DbException or ArgumentException or FormatException or System.Net.Sockets.SocketException)
        {
            database?.Dispose();
            Refuse($"{Shown(place)} cannot be opened: {SqliteFile.Reason(failure)}");
            return null;
        }
    }

    /// <summary>The database of a place, not yet opened.</summary>
    public static Database At(string place) => PostgresDatabase.IsAddress(place) ? new PostgresDatabase(place) : new SqliteDatabase(place);

    private static string Shown(string place) => PostgresDatabase.IsAddress(place) ? "the PostgreSQL database" : place;

    /// <summary>Opens the database for changing it, as its only owner, with the schema up to date.</summary>
    public static int Change(string path, string instead, Func<Database, int> work)
    {
        using var owner = Own(path, instead);
        if (owner is null) return BadUsage;
        using var database = Open(path);
        return database is null ? BadUsage : work(database);
    }

    /// <summary>The same for work that waits.</summary>
    public static async Task<int> ChangeAsync(string path, string instead, Func<Database, Task<int>> work)
    {
        using var owner = Own(path, instead);
        if (owner is null) return BadUsage;
        using var database = Open(path);
        return database is null ? BadUsage : await work(database);
    }

    /// <summary>
    /// The same of a database that is there: what a verb brings in belongs to a Laurel that somebody has set up, and a name mistyped
    /// makes no file.
    /// </summary>
    public static async Task<int> ChangePresentAsync(string path, string instead, Func<Database, Task<int>> work) =>
        PostgresDatabase.IsAddress(path) || Path.Exists(path)
            ? await ChangeAsync(path, instead, work)
            : Refuse($"there is no database {path}; name the right one by --database or {DatabaseVariable}, or make it by "
                + "laurel apply setup.yaml or laurel serve");

    /// <summary>Opens an existing database for reading, also beside a running Laurel.</summary>
    public static int Look(string place, Func<Database, int> work)
    {
        if (PostgresDatabase.IsAddress(place))
        {
            using var opened = Open(place);
            return opened is null ? BadUsage : work(opened);
        }
        if (SqliteFile.RefusesReading(place) is { } refusal) return Refuse(refusal);
        using var database = new SqliteDatabase(place);
        return work(database);
    }

    private sealed class Everybodys : IDisposable
    {
        public void Dispose() { }
    }
}
