namespace Laurel.App.Features.Imports;

/// <summary>One row of a file: the text per column that the mapping uses, or why it is none.</summary>
/// <param name="Line">Where it begins.</param>
/// <param name="Raw">As it stands in the file.</param>
internal readonly record struct Row(long Line, string Raw, string?[]? Inputs, string? Problem);

/// <summary>The rows of one file.</summary>
internal abstract class Rows
{
    /// <summary>Answers false at the end of the file.</summary>
    /// <exception cref="FileRefused">The rest of the file cannot be read.</exception>
    public abstract bool Next(out Row row);
}
