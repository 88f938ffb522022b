namespace Laurel.Engine.Reports;

/// <summary>Groups of people that are told of together.</summary>
/// <param name="Members">Which of the given groups, in their order.</param>
public sealed record ToldGroup(IReadOnlyList<int> Members, long People);

/// <summary>
/// What is told about groups where nobody may be picked out: none that is smaller than a least size. Leaving the small ones out would not
/// do: whoever knows the whole takes the rest away from it. So they are told of together, with as many of the next larger ones as it takes.
/// </summary>
public static class SmallGroups
{
    /// <summary>
    /// Each of the groups once, alone or with others, at least <paramref name="least"/> people in each; nothing where all of them
    /// together are fewer. Groups without anybody go with the others.
    /// </summary>
    /// <param name="people">How many are in each group.</param>
    public static IReadOnlyList<ToldGroup> Of(IReadOnlyList<long> people, int least)
    {
        if (people.Sum() < least) return [];
        var alone = new List<ToldGroup>();
        var together = new List<int>();
        var gathered = 0L;
        foreach (var (size, group) in people.Select((size, group) => (size, group)).OrderBy(g => g.size).ThenBy(g => g.group))
            if (size < least || (together.Count > 0 && gathered < least))
            {
                together.Add(group);
                gathered += size;
            }
            else alone.Add(new([group], size));
        var told = alone.OrderBy(g => g.Members[0]).ToList();
        if (together.Count > 0) told.Add(new([.. together.Order()], gathered));
        return told;
    }

    /// <summary>A number of people as it may be told; null for one that is too small. Nobody is not too small.</summary>
    public static long? Told(long people, int least) => people > 0 && people < least ? null : people;
}
