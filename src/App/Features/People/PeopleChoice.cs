using Laurel.App.Platform.Localisation;

namespace Laurel.App.Features.People;

/// <summary>A person, or a team, that can be chosen in a form.</summary>
/// <param name="Value">What the form sends for it.</param>
/// <param name="Sub">What stands below the name.</param>
/// <param name="Key">Whose badge stands beside the name; nobody's where it is null.</param>
public sealed record Eligible(string Value, string Id, string Name, string? Team = null, string? Sub = null, long? Key = null)
{
    public bool IsTeam { get; init; }

    internal bool Fits(IReadOnlyList<Sought> words) =>
        words.All(word => word.IsIn(Name) || word.IsIn(Id) || word.IsIn(Team));
}

/// <summary>
/// A list to choose from: all of it where it is short, for the page narrows that by itself; of a long one those who are chosen, and the
/// first of the others who fit what is looked for.
/// </summary>
public sealed class PeopleChoice
{
    /// <summary>A team, and some more.</summary>
    public const int MostShown = 100;
    private const int MostWords = 10;

    /// <param name="chosen">Values; what nobody has is nobody's.</param>
    /// <param name="search">Words, each of which is in the name, the id or the team.</param>
    public PeopleChoice(IReadOnlyList<Eligible> all, IEnumerable<string>? chosen, string? search)
    {
        (IsEmpty, IsLong, Search) = (all.Count == 0, all.Count > MostShown, search);
        Chosen = (chosen ?? []).ToHashSet(StringComparer.Ordinal);
        List<Sought> words = IsLong
            ? [.. (search ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(MostWords)
                .Select(word => Sought.Of(word)!)]
            : [];
        List<Eligible> others = [.. all.Where(one => (!IsLong || !Chosen.Contains(one.Value)) && one.Fits(words))];
        Fitting = others.Count;
        Shown = [.. IsLong ? all.Where(one => Chosen.Contains(one.Value)) : [], .. others.Take(MostShown)];
    }

    public bool IsEmpty { get; }
    public bool IsLong { get; }
    public string? Search { get; }
    public IReadOnlySet<string> Chosen { get; }
    public IReadOnlyList<Eligible> Shown { get; }
    /// <summary>How many of those who are not chosen fit, shown or not.</summary>
    public int Fitting { get; }
}
