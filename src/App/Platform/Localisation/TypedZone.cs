using NodaTime;
using NodaTime.TimeZones;

namespace Laurel.App.Platform.Localisation;

/// <summary>
/// A time zone as people type it: its name in any case, or the city alone. What is only nearly one is not taken: it may lie on another
/// continent.
/// </summary>
public static class TypedZone
{
    /// <summary>Zones that name a place, as people know them.</summary>
    public static readonly IReadOnlyList<string> Known =
    [
        .. (TzdbDateTimeZoneSource.Default.ZoneLocations ?? []).Select(l => l.ZoneId).Append("Etc/UTC").Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The zone's id; null where there is none, or several have that city.</summary>
    public static string? Find(string? typed)
    {
        var wanted = (typed ?? "").Trim().Replace(' ', '_');
        if (wanted.Length == 0) return null;
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(wanted) is { } exact) return exact.Id;
        if (DateTimeZoneProviders.Tzdb.Ids.FirstOrDefault(id => string.Equals(id, wanted, StringComparison.OrdinalIgnoreCase)) is { } other)
            return other;
        return Known.Where(id => string.Equals(id[(id.LastIndexOf('/') + 1)..], wanted, StringComparison.OrdinalIgnoreCase)).ToList()
            is [var only] ? only : null;
    }
}
