namespace Laurel.Storage;

/// <summary>What the two databases say differently. Everything else is one SQL text for both.</summary>
public abstract record Dialect
{
    /// <summary>A surrogate integer key that the database hands out.</summary>
    public abstract string Key { get; }
    public abstract string Blob { get; }
    /// <summary>A table that is ordered by its primary key.</summary>
    public abstract string Clustered { get; }

    /// <summary>Fills in the words that migrations write in braces.</summary>
    public string Schema(string sql) => sql
        .Replace("{key}", Key, StringComparison.Ordinal)
        .Replace("{blob}", Blob, StringComparison.Ordinal)
        .Replace("{clustered}", Clustered, StringComparison.Ordinal);
}

public sealed record SqliteDialect : Dialect
{
    public override string Key => "INTEGER PRIMARY KEY";
    public override string Blob => "BLOB";
    public override string Clustered => "WITHOUT ROWID";
}
