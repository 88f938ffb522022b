using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;

namespace Laurel.Engine.Metrics;

/// <summary>An activity as metrics read it: what it carries, and when that was where it happened.</summary>
/// <param name="At">UTC milliseconds.</param>
/// <param name="Day">The workday that it counts on.</param>
/// <param name="Clock">Of the site where the person worked then.</param>
public readonly record struct Occurrence(
    string Type, IReadOnlyList<Measure> Measures, IReadOnlyList<Label> Labels, long At, Workday Day, SiteClock Clock);

/// <summary>What one activity says to a metric: how much, and of a metric that counts different texts, which text.</summary>
/// <param name="Times">How many it speaks for, where it is an average by itself.</param>
public readonly record struct Reading(Amount Amount, string? Text = null, long Times = 1)
{
    /// <summary>In thousandths.</summary>
    public long Sum => Amount.Thousandths * Times;
}

/// <summary>What an activity adds to a metric: its place in the order of occurrence, and what it says.</summary>
public readonly record struct Contribution(ActivityOrder Order, Reading Reading);
