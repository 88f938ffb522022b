using Spectre.Console;

namespace Laurel.App.Features.Imports;

/// <summary>A bar on a terminal, nothing elsewhere: a log file wants no hundred lines of it.</summary>
internal static class TerminalBar
{
    /// <param name="work">Is given what tells how far it is and what to write beside the bar.</param>
    public static Task Run(string name, double whole, Func<Action<double, string>, Task> work)
    {
        if (Console.IsOutputRedirected || Console.IsErrorRedirected) return work((_, _) => { });
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress().AutoClear(enabled: true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask(name, maxValue: Math.Max(1, whole));
                await work((value, text) => (task.Value, task.Description) = (value, text));
            });
    }
}
