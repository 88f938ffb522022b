namespace Laurel.Engine.Reports;

/// <summary>The mean of some weeks before something began and of some weeks after it, whole weeks only.</summary>
/// <param name="Before">Null where no whole week lies before it.</param>
/// <param name="After">Null where no whole week lies after it yet.</param>
public sealed record BeforeAfter(double? Before, double? After, int WeeksBefore, int WeeksAfter)
{
    /// <summary>So many weeks on either side tell about now and then; more would tell about other times.</summary>
    public const int Most = 8;

    /// <summary>The week in which it began belongs to neither.</summary>
    /// <param name="weeks">One number a week, the last of the week that is still going on, which does not count.</param>
    /// <param name="began">The position of that week; it may lie outside.</param>
    public static BeforeAfter Of(IReadOnlyList<long> weeks, int began)
    {
        var before = weeks.Take(Math.Clamp(began, 0, weeks.Count)).SkipLast(began >= weeks.Count ? 1 : 0).TakeLast(Most).ToList();
        var after = weeks.Skip(Math.Max(0, began + 1)).SkipLast(1).Take(Most).ToList();
        return new(Mean(before), Mean(after), before.Count, after.Count);
    }

    private static double? Mean(List<long> weeks) => weeks.Count == 0 ? null : weeks.Average();
}
