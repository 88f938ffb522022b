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

/// <summary>
/// <c>laurel recalculate</c>: says what deciding a range anew would change, and does it once that is confirmed: by <c>--yes</c>, or by who
/// sits at a terminal. With <c>--plan</c> nobody is asked.
/// </summary>
public static class RecalculateVerb
{
    /// <param name="ask">Asks whether to do it; null where nobody is there to answer.</param>
    public static Command Command(TimeProvider time, Func<string, bool?> ask)
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
        var plan = new Option<bool>("--plan") { Description = "Say what would change, ask nothing and change nothing." };
        var yes = new Option<bool>("--yes") { Description = "Do it without asking, and say what was changed." };
        var database = Verb.DatabaseOption();
        var command = new VerbCommand(
            "recalculate", "Decide a range of workdays anew. It revokes nothing: it flags what no longer holds.",
            "laurel recalculate --from 2026-03-01 --to 2026-03-31 --only five-a-day --newest")
            { from, to, only, people, teams, newest, plan, yes, database };
        command.Validators.Add(found =>
        {
            if (found.GetValue(plan) && found.GetValue(yes)) found.AddError("name --plan or --yes, not both");
        });
        command.SetAction((arguments, cancel) => Verb.ChangeAsync(arguments.GetValue(database)!,
            ", or recalculate in the badge studio or through the API", store => Core.Run(store, time, services =>
            {
                var asked = new AskedRange(Ids(arguments.GetValue(only)), arguments.GetValue(from), arguments.GetValue(to),
                    arguments.GetValue(newest) ? AskedRange.Newest : AskedRange.OfEachDay, Ids(arguments.GetValue(people)),
                    Ids(arguments.GetValue(teams)));
                Func<string, bool?>? confirm = arguments.GetValue(plan) ? null : arguments.GetValue(yes) ? _ => true : ask;
                return Task.FromResult(Run(store, services, asked, confirm, !arguments.GetValue(yes), time, cancel));
            })));
        return command;
    }

    private static string[] Ids(string? list) =>
        list?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    /// <param name="confirm">Null where it is only to be planned.</param>
    /// <param name="tells">Whether the plan is printed; else what was made.</param>
    private static int Run(
        Database store, IServiceProvider services, AskedRange asked, Func<string, bool?>? confirm, bool tells, TimeProvider time,
        CancellationToken cancel)
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
        var planned = Tell(store, book, key, made: false, tells);
        if (confirm is null || exit != Verb.Done) return exit;
        // The newest conditions judge the range from then on, even where that changes no award.
        if (planned.IsNothing && !wanted.ByNewest) return exit;
        switch (confirm(wanted.ByNewest
            ? "Do this? The newest conditions then judge these workdays for good. [y/N] "
            : "Do this? [y/N] "))
        {
            case null:
                return Verb.Refuse("nothing was changed: look at the plan, then say --yes to do it");
            case false:
                Console.Error.WriteLine("Nothing was changed.");
                return exit;
            case true:
                store.Write((c, t) => Recalculate.Confirm(c, t, key, Actor.CommandLine, Now()));
                exit = Math.Max(exit, Verb.Told(services.Settle(cancel)));
                var made = Tell(store, book, key, made: true, !tells);
                if (tells && made != planned)
                    Console.Error.WriteLine("That is not what was planned: something came in between. The page Recalculate lists both.");
                return exit;
        }
    }

    /// <summary>The counts on the error stream, and every award as a table.</summary>
    private static RecalculationCounts Tell(Database store, AchievementBook book, long key, bool made, bool prints)
    {
        using var connection = store.Read();
        if (prints) Print(book, RecalculationStore.Lines(connection, null, key, made), Console.Out);
        var counts = RecalculationStore.Counts(connection, null, key, made);
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{(made ? "made" : "would make")} {counts.Gain:N0}, {(made ? "flagged" : "would flag")} {counts.Flag:N0}, "
            + $"flags taken away: {counts.Lift:N0}, moved: {counts.Move:N0}"));
        return counts;
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
