using Laurel.Engine.Kernel;

namespace Laurel.Engine.Importing;

/// <summary>One row while it is read: its columns, the times already worked out, and the first thing that is wrong with it.</summary>
public sealed class RowScope
{
    private readonly string?[] cells;
    private readonly TimeReading?[] times;
    private readonly Mapping mapping;
    private readonly int shiftDays;

    internal RowScope(Mapping mapping, string?[] cells, int shiftDays)
    {
        this.mapping = mapping;
        this.cells = cells;
        this.shiftDays = shiftDays;
        times = new TimeReading?[mapping.Times.Count];
    }

    /// <summary>Why the row cannot be taken; null while nothing is wrong.</summary>
    public string? Problem { get; private set; }

    public string? this[int column]
    {
        get => cells[column];
        internal set => cells[column] = value;
    }

    /// <summary>A number as the file writes it; null when it is none.</summary>
    public Amount? Number(string text) => FileNumber.Read(text, mapping.Decimal);

    internal string NumberHint(string text) => FileNumber.Hint(text, mapping.Decimal);

    public string NameOf(int column) => mapping.ColumnName(column);

    /// <summary>The first problem stands: what follows is often only its consequence.</summary>
    public void Refuse(string reason) => Problem ??= reason;

    internal void Forgive() => Problem = null;

    public TimeReading TimeAt(int index)
    {
        if (times[index] is { } known) return known;
        var reading = mapping.Times[index].Read(this, mapping.Zone, shiftDays);
        // One that cannot be read is tried again by the next rule, which then tells why as well.
        if (Problem is null) times[index] = reading;
        return reading;
    }

    public static string Quote(string text) => text.Length <= 60 ? $"'{text}'" : $"'{text[..60]}...' ({text.Length} characters)";
}
