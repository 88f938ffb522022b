namespace Laurel.App.Platform.Yaml;

/// <summary>What somebody probably meant who wrote a word that is not known.</summary>
public static class Suggestion
{
    /// <summary>The known word that is nearest; null when none is near.</summary>
    public static string? For(string word, IEnumerable<string> known)
    {
        var (best, distance) = ((string?)null, Math.Max(2, word.Length / 3) + 1);
        foreach (var candidate in known)
        {
            var d = Distance(word.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (d < distance) (best, distance) = (candidate, d);
        }
        return best;
    }

    /// <summary>" (did you mean 'x'?)", or nothing.</summary>
    public static string Hint(string word, IEnumerable<string> known) => For(word, known) is { } near ? $" (did you mean '{near}'?)" : "";

    /// <summary>Edits to get from one word to the other, two neighbours that changed places being one (optimal string alignment).</summary>
    public static int Distance(string a, string b)
    {
        // A word this much longer is no slip of the finger, and the table grows with both lengths.
        if (Math.Abs(a.Length - b.Length) > 8 || a.Length > 64) return int.MaxValue;
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        return d[a.Length, b.Length];
    }
}
