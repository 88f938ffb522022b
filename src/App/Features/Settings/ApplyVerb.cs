using System.CommandLine;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Hosting;
using Laurel.App.Platform.Work;
using Laurel.App.Platform.Yaml;
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
        var command = new VerbCommand("apply", "Make the database agree with a setup file.", "laurel apply setup.yaml --plan") { file, plan, database };
        command.SetAction((arguments, cancel) =>
        {
            var path = arguments.GetValue(file)!;
            if (!path.Exists)
                return Task.FromResult(Verb.Refuse(Directory.Exists(path.FullName) ? $"{path} is a folder; name a setup file" : $"there is no file {path}"));
            return Run(path, arguments.GetValue(plan), arguments.GetValue(database)!);
        });
        return command;
    }

    private static async Task<int> Run(FileInfo file, bool plan, string path)
    {
        var problems = new YamlProblems(file.Name);
        var setup = new SetupReader(problems).Read(await File.ReadAllTextAsync(file.FullName));
        if (setup is null || problems.Any) return Refuse(problems);
        return await Verb.ChangeAsync(path, Instead, database => Core.Run(database, TimeProvider.System, services =>
        {
            var apply = ActivatorUtilities.CreateInstance<ApplySetup>(services);
            var changes = apply.Run(setup, problems, Actor.File(file.Name), plan);
            if (problems.Any) return Task.FromResult(Refuse(problems));
            foreach (var change in changes) Console.WriteLine(change);
            Console.WriteLine(changes.Count == 0 ? "Nothing to change." : plan ? $"{changes.Count} changes planned." : $"{changes.Count} changes made.");
            return Task.FromResult(plan ? Verb.Done : Verb.Told(Settle(services)));
        }));
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
