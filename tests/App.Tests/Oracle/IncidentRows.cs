using System.Globalization;
using NodaTime;

namespace Laurel.App.Tests.Oracle;

/// <summary>Resolved incidents of the service desk: the last row of each tells how it ended.</summary>
internal static class IncidentRows
{
    private static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["America/Sao_Paulo"];

    public static IEnumerable<Deed> Read(IEnumerable<string> files)
    {
        var last = new Dictionary<string, RawRow>();
        foreach (var row in files.SelectMany(file => RawRows.Of(file, ','))) last[row["number"]] = row;
        foreach (var row in last.Values)
        {
            if (row["resolved_by"] == "?" || row["resolved_at"] == "?") continue;
            yield return new Deed(
                "incident-resolved",
                row["number"] + "/resolved",
                "resolved-by-" + row["resolved_by"].Split(' ')[^1],
                Instant(row["resolved_at"]),
                new Dictionary<string, decimal>
                {
                    ["time-to-resolve"] = (Instant(row["resolved_at"]) - Instant(row["opened_at"])) / 1000m,
                    ["reassignments"] = Number(row["reassignment_count"]),
                    ["reopens"] = Number(row["reopen_count"]),
                },
                Labels(row));
        }
    }

    /// <summary>Without those that are missing.</summary>
    private static Dictionary<string, string> Labels(RawRow row) => new Dictionary<string, string>
    {
        ["priority"] = row["priority"],
        ["group"] = row["assignment_group"],
        ["category"] = row["category"],
        ["channel"] = row["contact_type"],
        ["sla"] = Flag(row["made_sla"]) ? "met" : "missed",
        ["knowledge"] = Flag(row["knowledge"]) ? "used" : "none",
    }.Where(label => label.Value != "?").ToDictionary();

    private static long Instant(string local)
    {
        var time = DateTime.ParseExact(local, "d/M/yyyy HH:mm", CultureInfo.InvariantCulture);
        return LocalDateTime.FromDateTime(time).InZoneLeniently(Zone).ToInstant().ToUnixTimeMilliseconds();
    }

    private static bool Flag(string text) => bool.Parse(text);

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
