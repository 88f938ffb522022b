using System.CommandLine;
using Laurel.App.Features.Achievements.Catalogue;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Hosting;
using Laurel.App.Platform.Work;
using Laurel.App.Platform.Yaml;
using Laurel.Storage;
using Spectre.Console;

namespace Laurel.App.Features.Settings;

/// <summary><c>laurel apply setup.yaml</c>: people, teams, site, activity types, metrics and achievements from a file.</summary>
public static class ApplyVerb
{
    private const string Instead = ", or send the file to the one that runs: POST /api/v1/setup (docs/api.md)";

    public static Command Command()
    {
        var file = new Argument<FileInfo?>("file") { Description = "The setup file.", Arity = ArgumentArity.ZeroOrOne };
        var set = new Option<string?>("--catalogue")
        {
            Description = "A set of the catalogue in place of a file: starter, daily, paths or sales.",
            HelpName = "SET",
        };
        var only = new Option<string?>("--only")
        {
            Description = "Achievements of the set, separated by commas; all of them otherwise.", HelpName = "IDS",
        };
        var plan = new Option<bool>("--plan") { Description = "Say what would change, and change nothing." };
        var database = Verb.DatabaseOption();
        var command = new VerbCommand("apply", "Make the database agree with a setup file.", "laurel apply setup.yaml --plan")
            { file, set, only, plan, database };
        command.SetAction((arguments, cancel) =>
        {
            if (arguments.GetValue(set) is { } named)
                return arguments.GetValue(file) is null
                    ? Install(named, arguments.GetValue(only), arguments.GetValue(plan), arguments.GetValue(database)!)
                    : Task.FromResult(Verb.Refuse("name a setup file or --catalogue, not both"));
            if (arguments.GetValue(only) is not null) return Task.FromResult(Verb.Refuse("--only goes with --catalogue"));
            if (arguments.GetValue(file) is not { } path)
                return Task.FromResult(Verb.Refuse("name a setup file, or a set of the catalogue: --catalogue starter"));
            if (!path.Exists)
                return Task.FromResult(
                    Verb.Refuse(Directory.Exists(path.FullName) ? $"{path} is a folder; name a setup file" : $"there is no file {path}"));
            return Run(path, arguments.GetValue(plan), arguments.GetValue(database)!);
        });
        return command;
    }

    private static async Task<int> Run(FileInfo file, bool plan, string path)
    {
        var problems = new YamlProblems(file.Name);
        var setup = new SetupReader(problems).Read(await File.ReadAllTextAsync(file.FullName));
        if (setup is null) return Refuse(problems);
        // What is wrong with the file is told before anything is opened for writing, or made.
        if (plan || problems.Any) return Plan(setup, problems, path);
        return await Verb.ChangeAsync(path, Instead, database => Core.Run(database, TimeProvider.System, services =>
        {
            var changes = ActivatorUtilities.CreateInstance<ApplySetup>(services).Run(setup, problems, Actor.File(file.Name), plan: false);
            if (problems.Any) return Task.FromResult(Refuse(problems));
            Print(changes, "made");
            return Task.FromResult(Verb.Told(Settle(services)));
        }));
    }

    /// <summary>What of a set of the catalogue is not there yet.</summary>
    private static async Task<int> Install(string id, string? only, bool plan, string path)
    {
        if (ShippedSets.Find(id) is not { } set)
            return Verb.Refuse($"the catalogue has no set '{id}'" + Suggestion.Hint(id, ShippedSets.All.Select(s => s.Id)));
        var chosen = only?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var ids = set.Achievements.Select(a => a.Id).ToList();
        if (chosen?.FirstOrDefault(c => !ids.Contains(c, StringComparer.Ordinal)) is { } unknown)
            return Verb.Refuse($"the set '{id}' has no achievement '{unknown}'" + Suggestion.Hint(unknown, ids));
        var problems = new YamlProblems($"catalogue/{id}.yaml");
        if (plan)
            return Plan(database =>
            {
                using var empty = new MemoryDatabase();
                if (database is null) empty.Migrate();
                return Missing(database ?? empty, set, chosen);
            }, problems, path);
        return await Verb.ChangeAsync(path, Instead, database => Core.Run(database, TimeProvider.System, services =>
        {
            var setup = Missing(database, set, chosen);
            var changes = setup.Achievements.Count == 0
                ? []
                : ActivatorUtilities.CreateInstance<ApplySetup>(services).Run(setup, problems, Actor.CommandLine, plan: false);
            if (problems.Any) return Task.FromResult(Refuse(problems));
            Print(changes, "made");
            return Task.FromResult(Verb.Told(Settle(services)));
        }));
    }

    /// <summary>Says what is offered only, beside what is returned.</summary>
    private static Setup Missing(Database database, ShippedSet set, IReadOnlyCollection<string>? chosen)
    {
        using var connection = database.Read();
        var offered = InstallSets.Offer(connection, set, new SentTypes(TimeProvider.System), whole: true);
        foreach (var waiting in offered.Achievements.Where(a => a is { IsThere: false, Waits.Count: > 0 })
            .Where(a => chosen is null || chosen.Contains(a.Setup.Id, StringComparer.Ordinal))
            .GroupBy(a => set.PathOf(a.Setup.Id)?.Id ?? a.Setup.Id, StringComparer.Ordinal))
            Console.WriteLine($"offered {waiting.Key}, {waiting.Count()} not installed: nobody sends "
                + string.Join(", ", waiting.SelectMany(a => a.Waits).Distinct(StringComparer.Ordinal)));
        return InstallSets.Missing(connection, offered, chosen);
    }

    private static int Plan(Setup setup, YamlProblems problems, string path) => Plan(_ => setup, problems, path);

    /// <summary>Only reads, beside a running Laurel too, and makes no database where there is none.</summary>
    private static int Plan(Func<Database?, Setup> read, YamlProblems problems, string path)
    {
        var shared = PostgresDatabase.IsAddress(path);
        if (!shared && SqliteFile.RefusesChange(path) is { } refusal) return Verb.Refuse(refusal);
        using var database = shared || File.Exists(path) ? Verb.Reach(path) : null;
        if (shared && database is null) return Verb.BadUsage;
        var changes = ApplySetup.Plan(database, read(database), problems, TimeProvider.System);
        if (problems.Any) return Refuse(problems);
        Print(changes, "planned");
        return Verb.Done;
    }

    private static void Print(IReadOnlyList<SetupChange> changes, string done)
    {
        foreach (var change in changes) Console.WriteLine(change);
        Console.WriteLine(changes.Count switch
        {
            0 => "Nothing to change.",
            1 => $"1 change {done}.",
            var count => $"{count} changes {done}."
        });
    }

    /// <summary>Builds and backfills with a bar that moves, where somebody is watching.</summary>
    private static WorkDone Settle(IServiceProvider services)
    {
        if (Console.IsErrorRedirected) return services.Settle();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress().AutoClear(true).Start(progress =>
        {
            var bar = progress.AddTask("Counting what history holds");
            using var watched = new Timer(_ =>
            {
                var (done, total) = services.GetRequiredService<WorkRunner>().Progress();
                bar.MaxValue = Math.Max(1, total);
                bar.Value = done;
            }, null, TimeSpan.Zero, TimeSpan.FromMilliseconds(200));
            return services.Settle();
        });
    }

    private static int Refuse(YamlProblems problems)
    {
        foreach (var problem in problems.InOrder()) Console.Error.WriteLine(problem);
        return Verb.BadUsage;
    }
}
