using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Laurel.App.Platform.Hosting;
using Laurel.Storage;

namespace Laurel.App.Features.Verifying;

/// <summary><c>laurel verify</c>: does what is due, then compares all that is kept with what the activities say.</summary>
public static class VerifyVerb
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public static Command Command(TimeProvider time)
    {
        var json = new Option<bool>("--json") { Description = "End with one line of JSON." };
        var database = Verb.DatabaseOption();
        var command = new VerbCommand("verify", "Count everything again from the activities and name what differs.",
            "laurel verify --database data/laurel.db") { json, database };
        command.SetAction((arguments, cancel) => Run(arguments.GetValue(database)!, arguments.GetValue(json), time, cancel));
        return command;
    }

    private static async Task<int> Run(string path, bool json, TimeProvider time, CancellationToken cancel)
    {
        // To be verified it must be there; elsewhere a change makes it.
        if (!PostgresDatabase.IsAddress(path) && !File.Exists(path) && SqliteFile.RefusesReading(path) is { } refusal)
            return Verb.Refuse(refusal);
        return await Verb.ChangeAsync(path, "", database => Core.Run(database, time, async services =>
        {
            var begun = time.GetTimestamp();
            var verification = ActivatorUtilities.CreateInstance<Verification>(services);
            var exit = Verb.Done;
            while (true)
            {
                exit = Math.Max(exit, Verb.Told(services.Settle(cancel)));
                cancel.ThrowIfCancellationRequested();
                if (verification.Run(Console.WriteLine, cancel) is { } found)
                {
                    Console.WriteLine(json ? Json(found, time.GetElapsedTime(begun)) : Line(found, time.GetElapsedTime(begun)));
                    return found.Differences > 0 ? Verb.FoundWrong : exit;
                }
                // Another node is at it, or brings new work.
                await Task.Delay(Pause, time, cancel);
            }
        }));
    }

    private static string Line(Verified found, TimeSpan took) => string.Create(CultureInfo.InvariantCulture,
        $"{So(found.Activities, "activity", "activities")}, {So(found.Rollups, "rollup", "rollups")}, "
        + $"{So(found.Awards, "award", "awards")}: {So(found.Differences, "difference", "differences")} ({took.TotalSeconds:0.0} s)");

    private static string So(long many, string one, string other) =>
        string.Create(CultureInfo.InvariantCulture, $"{many:N0} {(many == 1 ? one : other)}");

    private static string Json(Verified found, TimeSpan took) => JsonSerializer.Serialize(new
    {
        activities = found.Activities, rollups = found.Rollups, awards = found.Awards, differences = found.Differences,
        seconds = Math.Round(took.TotalSeconds, 1),
    });
}
