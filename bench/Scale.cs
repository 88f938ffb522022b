namespace Laurel.Bench;

/// <summary>How much of it: quick is for seeing that a benchmark runs, not for quoting.</summary>
internal sealed record Scale(bool Quick)
{
    public int Rounds => Quick ? 3 : 5;
    public int Of(int whole) => Quick ? Math.Max(1, whole / 5) : whole;
}

/// <summary>Ratios of interleaved rounds.</summary>
internal static class Ratio
{
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }

    /// <summary>One line per goal; stretch goals on a line of their own.</summary>
    public static void Judge(string name, IReadOnlyList<double> ratios, double goal, params double[] stretch)
    {
        var ratio = Median(ratios);
        Console.WriteLine($"rounds {string.Join(' ', ratios.Select(r => r.ToString("0.000")))}");
        Console.WriteLine($"{name} ratio {ratio:0.000} goal {goal:0.###} {(ratio >= goal ? "met" : "short")}");
        foreach (var more in stretch) Console.WriteLine($"{name} stretch {more:0.###} {(ratio >= more ? "met" : "short")}");
    }

    /// <summary>For what must not be more than the goal.</summary>
    public static void JudgeAtMost(string name, double value, double goal, string unit, string detail)
    {
        Console.WriteLine($"{value:0.0} {unit} of at most {goal:0.#} {unit}; {detail}");
        Console.WriteLine($"{name} ratio {value / goal:0.000} goal 1 {(value <= goal ? "met" : "short")}");
    }
}
