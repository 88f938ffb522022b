using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;

namespace Laurel.Engine.Leaderboards;

/// <summary>
/// Everybody's order by a metric in a period, best first. Equal values share a rank (1, 2, 2, 4) and stand by name, then by key, so
/// that the order does not change from look to look. Who has no data, or too little of it for an average or a ratio, is not on it.
/// </summary>
public sealed class Ranking
{
    /// <summary>Activities that an average needs at least: one lucky call is no average.</summary>
    public const int SampleOfAverages = 5;

    public static readonly Ranking Empty = new([]);

    private readonly Standing[] places;
    private readonly Dictionary<PersonKey, int> positions;

    private Ranking(Standing[] places)
    {
        this.places = places;
        positions = new(places.Length);
        for (var i = 0; i < places.Length; i++) positions.Add(places[i].Person, i);
    }

    public static int MinimumSample(Aggregate aggregate) => aggregate is Aggregate.Average or Aggregate.Ratio ? SampleOfAverages : 1;

    /// <param name="competitors">None of them twice.</param>
    /// <param name="sample">Activities needed for a place; what the aggregate needs when not said.</param>
    public static Ranking Of(IEnumerable<Competitor> competitors, Aggregate aggregate, Direction direction, long? sample = null)
    {
        var needed = Math.Max(1, sample ?? MinimumSample(aggregate));
        var sorted = new List<(Competitor Who, MetricValue Value)>();
        foreach (var competitor in competitors)
            if (competitor.Rollup.Count >= needed && competitor.Rollup.Value(aggregate) is { } value) sorted.Add((competitor, value));
        sorted.Sort((a, b) =>
        {
            var byValue = direction == Direction.Higher ? b.Value.CompareTo(a.Value) : a.Value.CompareTo(b.Value);
            if (byValue != 0) return byValue;
            var byName = StringComparer.InvariantCultureIgnoreCase.Compare(a.Who.Name, b.Who.Name);
            return byName != 0 ? byName : a.Who.Person.CompareTo(b.Who.Person);
        });
        return new(Ranked(sorted.Select(s => new Standing(0, s.Who.Person, s.Value, s.Who.Rollup.Count))));
    }

    public IReadOnlyList<Standing> Places => places;

    public Standing? Find(PersonKey person) => positions.TryGetValue(person, out var at) ? places[at] : null;

    /// <summary>Counted from 0; null for who is not on the board.</summary>
    public int? PositionOf(PersonKey person) => positions.TryGetValue(person, out var at) ? at : null;

    /// <summary>Some of the people, ranked among themselves.</summary>
    public Ranking Among(Func<PersonKey, bool> belongs) => new(Ranked(places.Where(s => belongs(s.Person))));

    /// <summary>Ranks won since the earlier board, negative for lost ones; null for who was not on it.</summary>
    public int? Moved(PersonKey person, Ranking earlier) =>
        Find(person) is { } now && earlier.Find(person) is { } before ? before.Rank - now.Rank : null;

    /// <summary>So many places around the person's, fewer on a short board; the first ones for who is not on it.</summary>
    public IReadOnlyList<Standing> Around(PersonKey person, int size)
    {
        var first = Math.Clamp((PositionOf(person) ?? 0) - size / 2, 0, Math.Max(0, places.Length - size));
        return new ArraySegment<Standing>(places, first, Math.Min(size, places.Length));
    }

    private static Standing[] Ranked(IEnumerable<Standing> inOrder)
    {
        var ranked = new List<Standing>();
        foreach (var standing in inOrder)
        {
            var shared = ranked.Count > 0 && ranked[^1].Value == standing.Value;
            ranked.Add(standing with { Rank = shared ? ranked[^1].Rank : ranked.Count + 1 });
        }
        return [.. ranked];
    }
}
