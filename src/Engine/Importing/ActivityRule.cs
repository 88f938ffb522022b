using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using NodaTime;

namespace Laurel.Engine.Importing;

/// <summary>One activity that a row may tell of.</summary>
/// <param name="When">Null: every row.</param>
/// <param name="At">Time rules in order: the first that is present in the row.</param>
public sealed record ActivityRule(
    string Type,
    Condition? When,
    Template Id,
    Value? Person,
    Value? PersonName,
    Value? Team,
    IReadOnlyList<int> At,
    IReadOnlyList<MeasureRule> Measures,
    IReadOnlyList<LabelRule> Labels,
    Value? Project,
    Value? Contact);

public sealed record LabelRule(string Name, Value Value)
{
    public const int MaximumLength = 200;
}

/// <summary>A number of an activity. Missing in the row: missing in the activity.</summary>
public abstract record MeasureRule(string Name)
{
    public abstract Amount? Of(RowScope row);
}

/// <summary>
/// A column's number, multiplied by <paramref name="Times"/> (60 where a file tells minutes and the measure is in seconds).
/// </summary>
public sealed record ColumnMeasure(string Name, Value Value, decimal Times) : MeasureRule(Name)
{
    public override Amount? Of(RowScope row)
    {
        if (Value.Of(row) is not { } text) return null;
        if (row.Number(text) is not { } amount)
        {
            row.Refuse($"measure {Name}: {RowScope.Quote(text)} is not a number of at most a billion{row.NumberHint(text)}");
            return null;
        }
        if (Times == 1m) return amount;
        if (Amount.Of(amount.ToDecimal() * Times) is { } scaled) return scaled;
        row.Refuse($"measure {Name}: {RowScope.Quote(text)} is more than a billion after multiplying");
        return null;
    }
}

/// <summary>The time between two times of the row, negative where the second is the earlier.</summary>
public sealed record BetweenMeasure(string Name, int From, int To, Duration Unit) : MeasureRule(Name)
{
    public override Amount? Of(RowScope row)
    {
        if (row.TimeAt(From).At is not { } from || row.TimeAt(To).At is not { } to) return null;
        if (Amount.Of((to - from) / (decimal)Unit.TotalMilliseconds) is { } amount) return amount;
        row.Refuse($"measure {Name}: more than a billion");
        return null;
    }
}

/// <summary>Rows that tell of nothing to count, and why: the report counts them apart.</summary>
public sealed record IgnoreRule(Condition When, string Because);
