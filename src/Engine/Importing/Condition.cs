using Laurel.Engine.Kernel;

namespace Laurel.Engine.Importing;

/// <summary>What must hold of a row.</summary>
public abstract record Condition
{
    public abstract bool Holds(RowScope row);
}

/// <summary>The column is one of these texts. A missing column is none.</summary>
public sealed record IsOneOf(int Column, IReadOnlySet<string> Texts) : Condition
{
    public override bool Holds(RowScope row) => row[Column] is { } text && Texts.Contains(text);
}

public sealed record IsPresent(int Column) : Condition
{
    public override bool Holds(RowScope row) => row[Column] is not null;
}

public enum Comparison { AtLeast, AtMost, Above, Below }

/// <summary>Compares a number. A missing column meets none; a text that is no number makes the row a reject.</summary>
public sealed record Compares(int Column, Comparison Comparison, Amount Target) : Condition
{
    public override bool Holds(RowScope row)
    {
        if (row[Column] is not { } text) return false;
        if (row.Number(text) is not { } amount)
        {
            row.Refuse($"{row.NameOf(Column)}: {RowScope.Quote(text)} is not a number{row.NumberHint(text)}");
            return false;
        }
        return Comparison switch
        {
            Comparison.AtLeast => amount >= Target,
            Comparison.AtMost => amount <= Target,
            Comparison.Above => amount > Target,
            Comparison.Below => amount < Target,
        };
    }
}

public sealed record AllOf(IReadOnlyList<Condition> Conditions) : Condition
{
    public override bool Holds(RowScope row)
    {
        foreach (var condition in Conditions)
            if (!condition.Holds(row)) return false;
        return true;
    }
}

public sealed record AnyOf(IReadOnlyList<Condition> Conditions) : Condition
{
    public override bool Holds(RowScope row)
    {
        foreach (var condition in Conditions)
            if (condition.Holds(row)) return true;
        return false;
    }
}

public sealed record Not(Condition Condition) : Condition
{
    public override bool Holds(RowScope row) => !Condition.Holds(row);
}
