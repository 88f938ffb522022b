using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;

namespace Laurel.App.Platform.Localisation;

/// <summary>A language that people speak.</summary>
/// <param name="Tag">BCP 47, such as <c>lt</c>.</param>
/// <param name="Name">In the reader's language.</param>
/// <param name="Native">In itself.</param>
public sealed record SpokenLanguage(string Tag, string Name, string Native);

/// <summary>The languages that the Unicode CLDR names, whoever reads.</summary>
public static class SpokenLanguages
{
    // Languages without a script or region, whose name is known.
    private static readonly Lazy<FrozenSet<string>> Tags = new(() => CultureInfo.GetCultures(CultureTypes.NeutralCultures)
        .Where(c => c.Name.Length is 2 or 3 && !c.EnglishName.Equals(c.Name, StringComparison.OrdinalIgnoreCase))
        .Select(c => c.Name).ToFrozenSet(StringComparer.OrdinalIgnoreCase));

    private static readonly ConcurrentDictionary<string, Named> ByReader = new(StringComparer.Ordinal);
    private static readonly Lock Naming = new();

    /// <summary>By name as the reader's language sorts it.</summary>
    public static IReadOnlyList<SpokenLanguage> All => Of(CultureInfo.CurrentUICulture).Sorted;

    /// <summary>As it is kept; null for a tag that is no language here.</summary>
    public static string? Tag(string tag) => Tags.Value.TryGetValue(tag.Trim(), out var known) ? known : null;

    /// <summary>In the reader's language; the tag itself where it is no language here.</summary>
    public static string Name(string tag) =>
        Of(CultureInfo.CurrentUICulture).ByTag.GetValueOrDefault(tag) is { } known ? known.Name : tag;

    private static Named Of(CultureInfo reader)
    {
        if (ByReader.TryGetValue(reader.Name, out var known)) return known;
        lock (Naming)
            return ByReader.GetOrAdd(reader.Name, _ =>
            {
                // A culture keeps its name in the language that asked for it first, whoever asks next.
                reader.ClearCachedData();
                List<SpokenLanguage> all =
                [
                    .. Tags.Value.Select(CultureInfo.GetCultureInfo).Select(c => new SpokenLanguage(c.Name, c.DisplayName, c.NativeName)),
                ];
                return new(
                    [
                        .. all.OrderBy(l => l.Name, StringComparer.Create(reader, ignoreCase: true))
                            .ThenBy(l => l.Tag, StringComparer.Ordinal),
                    ],
                    all.ToFrozenDictionary(l => l.Tag, StringComparer.OrdinalIgnoreCase));
            });
    }

    private sealed record Named(IReadOnlyList<SpokenLanguage> Sorted, FrozenDictionary<string, SpokenLanguage> ByTag);
}
