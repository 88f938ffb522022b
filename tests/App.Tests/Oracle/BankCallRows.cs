using System.Globalization;
using NodaTime;

namespace Laurel.App.Tests.Oracle;

/// <summary>Answered calls of the bank, one row each.</summary>
internal static class BankCallRows
{
    private static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["Asia/Jerusalem"];

    public static IEnumerable<Deed> Read(IEnumerable<string> files)
    {
        foreach (var file in files)
        {
            foreach (var row in RawRows.Of(file, '\t'))
            {
                // NO_SERVER is nobody; inside a longer name it stands where NA was.
                if (row["outcome"] != "AGENT" || row["server"] == "NO_SERVER") continue;
                yield return new Deed(
                    "call-answered",
                    $"{row["date"][..4]}/{row["vru+line"]}/{row["call_id"]}",
                    row["server"].Replace("NO_SERVER", "NA").ToLowerInvariant(),
                    Began(row),
                    new Dictionary<string, decimal> { ["talk"] = Number(row["ser_time"]), ["wait"] = Number(row["q_time"]) },
                    new Dictionary<string, string>
                    {
                        ["kind"] = row["type"],
                        ["priority"] = row["priority"] == "2" ? "priority" : "regular",
                    });
            }
        }
    }

    /// <summary>
    /// When the service began, or for one of 0 s without a time when the caller left the queue, or else the menu. The date is that
    /// of the entry: what came after midnight stands many hours before the entry. (One call of 8 h 24 min stands 8 hours before
    /// its entry; it ended three minutes after that entry, so it began on the same date.)
    /// </summary>
    private static long Began(RawRow row)
    {
        var began = Happened(row["ser_start"], row["ser_time"]) ? row["ser_start"]
            : Happened(row["q_exit"], row["q_time"]) ? row["q_exit"]
            : row["vru_exit"];
        var date = LocalDate.FromDateTime(DateTime.ParseExact("19" + row["date"], "yyyyMMdd", CultureInfo.InvariantCulture));
        if (Period.Between(TimeOfDay(began), TimeOfDay(row["vru_entry"]), PeriodUnits.Hours).Hours >= 12) date = date.PlusDays(1);
        return date.At(TimeOfDay(began)).InZoneLeniently(Zone).ToInstant().ToUnixTimeMilliseconds();
    }

    private static bool Happened(string time, string seconds) => time != "0:00:00" || seconds != "0";

    private static LocalTime TimeOfDay(string text)
    {
        var parts = text.Split(':').Select(part => int.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        return new LocalTime(parts[0], parts[1], parts[2]);
    }

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
