using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Laurel.App.Features.Achievements.Kinds;
using Laurel.App.Platform.Csv;
using Laurel.App.Platform.Hosting;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Achievements;

/// <summary><c>laurel awards</c>: what holds and is not revoked; with a switch, what is flagged or revoked instead.</summary>
public static class AwardsVerb
{
    private sealed record Line(long Key, string Achievement, int Tier, string Person, string Period, string EarnedAt, string Value);

    public static Command Command()
    {
        var format = new Option<string>("--format")
        { Description = "csv or json.", DefaultValueFactory = _ => "csv" }.AcceptOnlyFromAmong("csv", "json");
        var flagged = new Option<bool>("--flagged") { Description = "Awards that were made and no longer hold." };
        var revoked = new Option<bool>("--revoked") { Description = "Awards that a person took back." };
        var database = Verb.DatabaseOption();
        var command = new VerbCommand("awards", "Print the awards that hold, as CSV or JSON.", "laurel awards --format csv > awards.csv")
            { format, flagged, revoked, database };
        command.SetAction(arguments => Verb.Look(arguments.GetValue(database)!, store =>
        {
            var which = arguments.GetValue(flagged) ? "a.flagged_at IS NOT NULL AND a.revoked_at IS NULL"
                : arguments.GetValue(revoked) ? "a.revoked_at IS NOT NULL"
                : "a.flagged_at IS NULL AND a.revoked_at IS NULL";
            Print(Read(store, which), arguments.GetValue(format)!, Console.Out);
            return Verb.Done;
        }));
        return command;
    }

    private static List<Line> Read(Database store, string which)
    {
        using var connection = store.Read();
        return
        [
            .. connection.Query<(long Key, string Achievement, int Tier, string Person, string Occasion, long EarnedAt, long Value,
                string Type, int First)>(
                $"""
                SELECT a.key, b.id, a.tier, p.id, a.occasion, a.earned_at, a.value, b.type, a.first
                FROM award a JOIN achievement b ON b.key = a.achievement JOIN person p ON p.key = a.person
                WHERE b.testing = 0 AND {which}
                """)
            .Select(a => new Line(
                a.Key, a.Achievement, a.Tier, a.Person, Period(a.Type, a.Occasion, new(a.First)), Instant(a.EarnedAt),
                new Amount(a.Value).ToString()))
            .OrderBy(l => l.Achievement, StringComparer.Ordinal).ThenBy(l => l.Tier).ThenBy(l => l.Person, StringComparer.Ordinal)
            .ThenBy(l => l.Period, Periods).ThenBy(l => l.EarnedAt, StringComparer.Ordinal).ThenBy(l => l.Value, StringComparer.Ordinal),
        ];
    }

    private static void Print(List<Line> lines, string format, TextWriter output)
    {
        if (format == "json")
        {
            output.WriteLine(JsonSerializer.Serialize(lines.Select(l => new
            {
                id = l.Key, achievement = l.Achievement, tier = l.Tier, person = l.Person, period = l.Period, earned_at = l.EarnedAt,
                value = decimal.Parse(l.Value, CultureInfo.InvariantCulture),
            })));
            return;
        }
        CsvTable.Write(output, ["achievement", "tier", "person", "period", "earned_at", "value"],
            lines.Select(l =>
                (string[])[l.Achievement, l.Tier.ToString(CultureInfo.InvariantCulture), l.Person, l.Period, l.EarnedAt, l.Value]));
    }

    /// <summary>What was given by hand has an id of its own as occasion; its day is what people know it by.</summary>
    private static string Period(string type, string occasion, Workday first) =>
        RuleKinds.Named(type).IsByHand ? first.ToString() : Occasion.Printed(occasion);

    /// <summary>By date; the nth multiples of a target by their number.</summary>
    private static readonly Comparer<string> Periods = Comparer<string>.Create((a, b) =>
        long.TryParse(a, NumberStyles.None, CultureInfo.InvariantCulture, out var x)
            && long.TryParse(b, NumberStyles.None, CultureInfo.InvariantCulture, out var y)
            ? x.CompareTo(y)
            : string.CompareOrdinal(a, b));

    private static string Instant(long at) =>
        DateTimeOffset.FromUnixTimeMilliseconds(at).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
