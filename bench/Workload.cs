using System.Globalization;
using System.Text;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;

namespace Laurel.Bench;

/// <summary>
/// 2,000 agents and six kinds of work; time goes on from activity to activity, as it does live. Ids are UUIDv7, as the API
/// recommends. Five metrics count a kind on average two and a half times; twenty rules look at them.
/// </summary>
internal static class Workload
{
    public const int People = 2_000;
    public const int ADay = 40_000;
    private static readonly string[] Types = ["case", "chat", "call", "mail", "review", "sale"];

    /// <summary>
    /// 10 weekly thresholds of three tiers, 4 all-time ones, 3 daily thresholds, 3 first times. Whoever does the average of 20
    /// activities a day, 140 a week, reaches about half of the first tiers: what a floor that wants to be proud of them sets.
    /// </summary>
    /// <param name="farther">So many times farther are the targets of all time: for people who have a history behind them.</param>
    /// <param name="sixty">With forty more, so that there are some of every kind.</param>
    /// <param name="people">How many there are.</param>
    public static string Setup(int farther = 1, bool sixty = false, int people = People)
    {
        var yaml = new StringBuilder("""
            site: { id: bench, name: Bench, zone: Europe/Vilnius }
            activity-types:

            """);
        foreach (var type in Types)
            yaml.AppendLine(
                $"  - {{ id: {type}, measures: {{ handle: {{ negative: false }}, score: {{}} }}, labels: [channel, priority] }}");
        yaml.AppendLine("metrics:");
        foreach (var type in Types) yaml.AppendLine($"  - {{ id: {type}s, types: [{type}] }}");
        yaml.AppendLine("  - { id: work, types: [case, chat, call, mail, review, sale] }");
        yaml.AppendLine("  - { id: handle, types: [case, chat, call], aggregate: sum, measure: handle }");
        if (sixty) yaml.AppendLine("  - { id: scores, types: [case, chat, call], aggregate: average, measure: score }");
        yaml.AppendLine("people:");
        for (var i = 0; i < people; i++) yaml.AppendLine($"  - {{ id: p{i} }}");
        yaml.AppendLine("achievements:");
        for (var i = 0; i < 10; i++)
        {
            var (metric, tiers) = i switch
            {
                < 6 => (Types[i] + "s", $"{24 + i}, {30 + i}, {40 + i}"),
                < 9 => ("work", $"{120 + (i * 5)}, {180 + (i * 5)}, {240 + (i * 5)}"),
                _ => ("handle", "30000, 50000, 70000"),
            };
            yaml.AppendLine(
                $"  - {{ id: week-{i}, type: threshold, metric: {metric}, range: week, history: all, at-least: [{tiers}] }}");
        }
        for (var i = 0; i < 4; i++)
            yaml.AppendLine(
                $"  - {{ id: all-{i}, type: threshold, metric: {(i % 2 == 0 ? "handle" : "work")}, history: all, "
                + $"at-least: {(i % 2 == 0 ? 100_000 : 200) * (i + 1) * farther} }}");
        for (var i = 0; i < 3; i++)
            yaml.AppendLine($"  - {{ id: day-{i}, type: threshold, metric: work, range: day, history: all, at-least: {25 + (i * 3)} }}");
        for (var i = 0; i < 3; i++)
            yaml.AppendLine($"  - {{ id: first-{i}, type: first-time, activities: [{Types[i]}], history: all }}");
        if (sixty) foreach (var more in Forty()) yaml.AppendLine($"  - {{ {more} }}");
        return yaml.ToString();
    }

    /// <summary>The other kinds; of what is decided live and at a period's end alike.</summary>
    private static IEnumerable<string> Forty()
    {
        for (var i = 0; i < 6; i++)
        {
            yield return $"id: best-week-{i}, type: best-of-period, metric: {Types[i]}s, period: week, history: all";
            yield return $"id: record-{i}, type: personal-record, metric: {Types[i]}s, range: day, after: 10, history: all";
        }
        for (var i = 0; i < 3; i++)
        {
            yield return $"id: yesterday-{i}, type: best-of-period, metric: {Types[i]}s, period: yesterday, history: all";
            yield return $"id: seven-{i}, type: best-of-period, metric: {Types[i]}s, period: last-7-days, history: all";
            yield return $"id: first-more-{i}, type: first-time, activities: [{Types[i + 3]}], history: all";
        }
        for (var i = 0; i < 4; i++)
        {
            yield return $"id: better-{i}, type: improvement, metric: {Types[i]}s, range: week, percent: [10, 20, 40], history: all";
            yield return $"id: row-{i}, type: streak, metric: {Types[i]}s, at-least: 2, length: [3, 5, 10], history: all";
        }
        yield return "id: month, type: best-of-period, metric: work, period: month, history: all";
        yield return "id: liked, type: threshold, metric: scores, at-least: [3.2, 3.5, 4], range: month, history: all";
        for (var i = 0; i < 2; i++)
        {
            yield return $"id: trail-{i}, type: first-in-project, activities: [{Types[i]}]";
            yield return $"id: clover-{i}, type: lucky-draw, time: '1{i}:30', one-in: 2";
            yield return $"id: hand-{i}, type: manual";
            yield return $"id: all-of-{i}, type: collection, of: [first-{i}, week-{i}, day-{i}], history: all";
        }
        yield return "id: goal, type: personal-goal, metrics: [work]";
    }

    /// <summary>The next activities, from a seed; <paramref name="from"/> is where the last ones ended.</summary>
    public static List<IncomingActivity> Activities(int seed, int count, long from, string source = "bench") =>
        Activities(seed, count, from, count * (86_400_000L / ADay), source);

    /// <param name="over">Milliseconds over which they are spread.</param>
    public static List<IncomingActivity> Activities(int seed, int count, long from, long over, string source = "bench")
    {
        var random = new Random(seed);
        var made = new List<IncomingActivity>(count);
        for (var i = 0; i < count; i++)
        {
            var at = from + (i * over / count);
            made.Add(new(
                source, ActivityId.Of(Guid.CreateVersion7(DateTimeOffset.FromUnixTimeMilliseconds(at))), Types[random.Next(Types.Length)],
                string.Create(CultureInfo.InvariantCulture, $"p{random.Next(People)}"), null, at,
                [new("handle", new Amount(random.Next(20_000, 900_000))), new("score", new Amount(random.Next(1, 6) * 1_000))],
                [new("channel", random.Next(2) == 0 ? "chat" : "phone")]));
        }
        return made;
    }
}
