namespace Laurel.Engine.Activities;

/// <summary>
/// The order of occurrence: instant in milliseconds, then source by its UTF-8 bytes, then the stored bytes of the id.
/// Ties in time are common, so that the order must not depend on arrival.
/// </summary>
public readonly record struct ActivityOrder(long At, string Source, ActivityId Id) : IComparable<ActivityOrder>
{
    public int CompareTo(ActivityOrder other)
    {
        var byTime = At.CompareTo(other.At);
        if (byTime != 0) return byTime;
        var bySource = CompareUtf8(Source, other.Source);
        return bySource != 0 ? bySource : Id.CompareTo(other.Id);
    }

    /// <summary>Compares as the UTF-8 bytes would, which is by code point; UTF-16 order differs above U+FFFF.</summary>
    private static int CompareUtf8(string a, string b)
    {
        if (string.Equals(a, b, StringComparison.Ordinal)) return 0;
        var x = a.EnumerateRunes();
        var y = b.EnumerateRunes();
        while (true)
        {
            var more = x.MoveNext();
            if (!y.MoveNext()) return more ? 1 : 0;
            if (!more) return -1;
            var byPoint = x.Current.Value.CompareTo(y.Current.Value);
            if (byPoint != 0) return byPoint;
        }
    }
}
