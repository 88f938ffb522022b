using Laurel.Engine.Activities;
using NodaTime;

namespace Laurel.Engine.Importing;

public enum FileFormat { Csv, Tsv, Ndjson }

/// <summary>A column that the mapping defines over the file's own: a name for a cleaned value.</summary>
public sealed record DerivedColumn(string Name, Value Value);

/// <summary>How the rows of a file become activities; checked once, when its file is read.</summary>
public sealed record Mapping
{
    /// <summary>Pseudo-column: the file's name without folder and endings.</summary>
    public const string FileColumn = "file";

    public required string Source { get; init; }
    /// <summary>Null: by the file's name.</summary>
    public FileFormat? Format { get; init; }
    public char Delimiter { get; init; } = ',';
    /// <summary>Whether a field may stand in quotes; null: in CSV, not in TSV.</summary>
    public bool? Quotes { get; init; }
    /// <summary>How the file writes numbers. JSON has a way of its own.</summary>
    public DecimalSign Decimal { get; init; }
    /// <summary>Zone of times without offset.</summary>
    public DateTimeZone? Zone { get; init; }
    /// <summary>Texts that mean "no value" in any column of the file.</summary>
    public required IReadOnlySet<string> Missing { get; init; }
    /// <summary>Defined by the mapping, numbered from 0; each may use the file's columns and those before it.</summary>
    public required IReadOnlyList<DerivedColumn> Columns { get; init; }
    /// <summary>The file's columns that are used, by name; numbered after those that the mapping defines.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }
    /// <summary>Only the last row for each text of this column is read.</summary>
    public int? LastRowPer { get; init; }
    public required IReadOnlyList<TimeRule> Times { get; init; }
    public required IReadOnlyList<IgnoreRule> Ignored { get; init; }
    public required IReadOnlyList<ActivityRule> Activities { get; init; }
    /// <summary>People are named by their ids at this provider; null where by their own.</summary>
    public string? Provider { get; init; }
    /// <summary>Projects are named by their ids at this provider; null where by their own.</summary>
    public string? ProjectProvider { get; init; }
    public UnknownPerson UnknownPerson { get; init; }
    /// <summary>Names for people who are created, by their key.</summary>
    public required IReadOnlyDictionary<string, string> Names { get; init; }

    public string ColumnName(int column) => column < Columns.Count ? Columns[column].Name : Inputs[column - Columns.Count];
}
