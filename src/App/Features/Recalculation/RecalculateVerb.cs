using System.CommandLine;
using System.Globalization;
using Laurel.App.Features.Achievements;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Csv;
using Laurel.App.Platform.Hosting;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Recalculation;

/// <summary><c>laurel recalculate</c>: decides a range anew; with <c>--plan</c> it only says what that would change.</summary>
public static class RecalculateVerb
{
    public static Command Command(TimeProvider time)
    {
        var from = new Option<string>("--from") { Description = "First workday of the range.", HelpName = "DAY", Required = true };
        var to = new Option<string?>("--to") { Description = "Last workday of the range; today if absent.", HelpName = "DAY" };
        var only = new Option<string?>("--only")
        { Description = "Achievements, separated by commas; all that are decided by rules otherwise.", HelpName = "IDS" };
        var people = new Option<string?>("--people") { Description = "People, separated by commas.", HelpName = "IDS" };
        var teams = new Option<string?>("--teams")
        { Description = "Teams as they are today, separated by commas; everybody without either.", HelpName = "IDS" };
        var newest = new Option<bool>("--newest")
        { Description = "The newest conditions judge all of the range; else each workday is judged by those of that day." };
        var plan = new Option<bool>("--plan") { Description = "Say what would change, and change nothing." };
        var database = Verb.DatabaseOption();
        var command = new VerbCommand(
            "recalculate", "Decide a range of workdays anew. It revokes nothing: it flags what no longer holds.",
            "laurel recalculate --from 2026-03-01 --to 2026-03-31 --only five-a-day --newest --plan")
            { from, to, only, people, teams, newest, plan, database };
        command.SetAction((arguments, cancel) => Verb.ChangeAsync(arguments.GetValue(database)!,
            ", or recalculate in the badge studio or through the API", store => Core.Run(store, time, services =>
            {
                var asked = new AskedRange(Ids(arguments.GetValue(only)), arguments.GetValue(from), arguments.GetValue(to),
                    arguments.GetValue(newest) ? AskedRange.Newest : AskedRange.OfEachDay, Ids(arguments.GetValue(people)),
                    Ids(arguments.GetValue(teams)));
                return Task.FromResult(Run(store, services, asked, arguments.GetValue(plan), time, cancel));
            })));
        return command;
    }

    private static string[] Ids(string? list) =>
        list?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static int Run(
        Database store, IServiceProvider services, AskedRange asked, bool plan, TimeProvider time, CancellationToken cancel)
    {
        // What is due is done first: else the plan would tell of that as well.
        var exit = Verb.Told(services.Settle(cancel));
        long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
        using var connection = store.Read();
        var book = ActivatorUtilities.CreateInstance<AchievementCatalogue>(services).Current(connection);
        if (book.Snapshot.Floor.Site is not { } site) return Verb.Refuse("there is nothing to recalculate yet");
        var (wanted, refusal) = asked.Read(connection, book, site.Clock.WorkdayOf(Now()));
        if (wanted is null) return Verb.Refuse(refusal!.Value.Text);
        var key = store.Write((c, t) => Recalculate.Plan(c, t, wanted, Actor.CommandLine, Now()));
        exit = Math.Max(exit, Verb.Told(services.Settle(cancel)));
        if (!plan)
        {
            store.Write((c, t) => Recalculate.Confirm(c, t, key, Actor.CommandLine, Now()));
            exit = Math.Max(exit, Verb.Told(services.Settle(cancel)));
        }
        using var after = store.Read();
        Print(book, RecalculationStore.Lines(after, null, key, made: !plan), Console.Out);
        var counts = RecalculationStore.Counts(after, null, key, made: !plan);
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{(plan ? "would make" : "made")} {counts.Gain:N0}, {(plan ? "would flag" : "flagged")} {counts.Flag:N0}, "
            + $"flags taken away: {counts.Lift:N0}, moved: {counts.Move:N0}"));
        return exit;
    }

    /// <summary>The same table that the page gives as a file.</summary>
    public static void Print(AchievementBook book, IEnumerable<RecalculationLine> lines, TextWriter output) => CsvTable.Write(output,
        ["effect", "achievement", "tier", "person", "name", "period", "earned_at", "value", "reason"],
        lines.Select(l => (string[])
        [
            l.Effect, book.Of(l.Achievement.Value).Id, l.Tier.ToString(CultureInfo.InvariantCulture), CsvTable.Text(l.PersonId),
            CsvTable.Text(l.PersonName), CsvTable.Text(Occasion.Printed(l.Occasion)),
            DateTimeOffset.FromUnixTimeMilliseconds(l.EarnedAt).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            l.Value.ToString(), l.Reason ?? "",
        ]));
}
