using System.CommandLine;
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
        var file = new Argument<FileInfo>("file") { Description = "The setup file." };
        var plan = new Option<bool>("--plan") { Description = "Say what would change, and change nothing." };
        var database = Verb.DatabaseOption();
        var command = new VerbCommand("apply", "Make the database agree with a setup file.", "laurel apply setup.yaml --plan")
            { file, plan, database };
        command.SetAction((arguments, cancel) =>
        {
            var path = arguments.GetValue(file)!;
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

    /// <summary>Only reads, beside a running Laurel too, and makes no database where there is none.</summary>
    private static int Plan(Setup setup, YamlProblems problems, string path)
    {
        var shared = PostgresDatabase.IsAddress(path);
        if (!shared && SqliteFile.RefusesChange(path) is { } refusal) return Verb.Refuse(refusal);
        using var database = shared || File.Exists(path) ? Verb.Reach(path) : null;
        if (shared && database is null) return Verb.BadUsage;
        var changes = ApplySetup.Plan(database, setup, problems, TimeProvider.System);
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
