using Laurel.Engine.Kernel;

namespace Laurel.Engine.Metrics;

/// <summary>A place on a board. Equal values share a rank: 1, 2, 2, 4.</summary>
public readonly record struct Standing(int Rank, PersonKey Person, MetricValue Value);

/// <summary>Everybody's order by a value, and the part of it around one person.</summary>
public static class Neighbours
{
    /// <summary>Best first; people of one value by key, so that the order does not change from look to look.</summary>
    public static List<Standing> Rank(IEnumerable<(PersonKey Person, MetricValue Value)> values, Direction direction)
    {
        var sorted = values.ToList();
        sorted.Sort((a, b) =>
        {
            var byValue = direction == Direction.Higher ? b.Value.CompareTo(a.Value) : a.Value.CompareTo(b.Value);
            return byValue != 0 ? byValue : a.Person.CompareTo(b.Person);
        });
        var ranked = new List<Standing>(sorted.Count);
        foreach (var (person, value) in sorted)
            ranked.Add(new(ranked.Count > 0 && ranked[^1].Value == value ? ranked[^1].Rank : ranked.Count + 1, person, value));
        return ranked;
    }

    /// <summary>So many places around the person's, fewer on a short board; the first ones for who is not on it.</summary>
    public static IReadOnlyList<Standing> Around(IReadOnlyList<Standing> ranked, PersonKey person, int size)
    {
        var at = 0;
        for (var i = 0; i < ranked.Count; i++)
            if (ranked[i].Person == person) at = i;
        var first = Math.Clamp(at - size / 2, 0, Math.Max(0, ranked.Count - size));
        return [.. ranked.Skip(first).Take(size)];
    }
}
