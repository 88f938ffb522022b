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
    public static string Setup(int farther = 1)
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
        yaml.AppendLine("people:");
        for (var i = 0; i < People; i++) yaml.AppendLine($"  - {{ id: p{i} }}");
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
        return yaml.ToString();
    }

    /// <summary>The next activities, from a seed; <paramref name="from"/> is where the last ones ended.</summary>
    public static List<IncomingActivity> Activities(int seed, int count, long from, string source = "bench")
    {
        var random = new Random(seed);
        var made = new List<IncomingActivity>(count);
        for (var i = 0; i < count; i++)
        {
            var at = from + (i * (86_400_000L / ADay));
            made.Add(new(
                source, ActivityId.Of(Guid.CreateVersion7(DateTimeOffset.FromUnixTimeMilliseconds(at))), Types[random.Next(Types.Length)],
                string.Create(CultureInfo.InvariantCulture, $"p{random.Next(People)}"), null, at,
                [new("handle", new Amount(random.Next(20_000, 900_000))), new("score", new Amount(random.Next(1, 6) * 1_000))],
                [new("channel", random.Next(2) == 0 ? "chat" : "phone")]));
        }
        return made;
    }
}
