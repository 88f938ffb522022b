using System.Text;

namespace Laurel.App.Tests.Oracle;

/// <summary>One thing that a person did, as the raw rows tell it. All of a set come from one source.</summary>
internal sealed record Deed(
    string Type, string Id, string Person, long At,
    IReadOnlyDictionary<string, decimal> Measures, IReadOnlyDictionary<string, string> Labels)
{
    private readonly byte[] idBytes = Encoding.UTF8.GetBytes(Id);

    /// <summary>Order of occurrence: the instant, then the bytes of the id.</summary>
    public static int ByOccurrence(Deed a, Deed b) =>
        a.At != b.At ? a.At.CompareTo(b.At) : a.idBytes.AsSpan().SequenceCompareTo(b.idBytes);
}
