using NodaTime;
using NodaTime.TimeZones;

namespace Laurel.App.Platform.Yaml;

/// <summary>
/// Which time zone somebody probably meant. A name that looks alike may lie on another continent, and most cities are in no list: so it
/// is one letter or two in a city of the same region, the city without its region, or the country's only zone; otherwise none.
/// </summary>
public static class ZoneSuggestion
{
    private static readonly ILookup<string, string> ByCountry = (TzdbDateTimeZoneSource.Default.ZoneLocations ?? [])
        .ToLookup(l => l.CountryName, l => l.ZoneId, StringComparer.OrdinalIgnoreCase);

    /// <summary>The likely zone; null where none is.</summary>
    public static string? For(string word)
    {
        var (region, city) = Parts(word.Trim().Replace(' ', '_'));
        if (ByCountry[city.Replace('_', ' ')].ToList() is [var only]) return only;
        var near = DateTimeZoneProviders.Tzdb.Ids.Select(id => (Id: id, Parts: Parts(id)))
            .Where(z => region.Length == 0 || (z.Parts.Region.Length > 0 && Distance(region, z.Parts.Region) <= Slips(region)))
            .Select(z => (z.Id, Distance: Distance(city, z.Parts.City) + (region.Length == 0 ? 0 : Distance(region, z.Parts.Region))))
            .Where(z => z.Distance <= Slips(city))
            .ToList();
        return near.Count == 0 ? null : near.MinBy(z => z.Distance).Id;
    }

    /// <summary>Goes on after "is no time zone".</summary>
    public static string Hint(string word) => For(word) is { } near
        ? $" (did you mean '{near}'?)"
        : "; one is named after a large city that has its time, such as Europe/Vilnius, Europe/Warsaw or Asia/Jerusalem";

    private static (string Region, string City) Parts(string id) =>
        id.LastIndexOf('/') is >= 0 and var slash ? (id[..slash], id[(slash + 1)..]) : ("", id);

    private static int Slips(string word) => Math.Max(1, word.Length / 4);

    private static int Distance(string a, string b) => Suggestion.Distance(a.ToUpperInvariant(), b.ToUpperInvariant());
}
