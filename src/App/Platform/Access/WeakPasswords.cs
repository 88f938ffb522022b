namespace Laurel.App.Platform.Access;

/// <summary>
/// Passwords that are long enough and guessed first all the same: what everybody types, runs of the keyboard, a few letters over and
/// over, the own name with a number. No list of millions: tries are slowed down by <see cref="SignInLimits"/>.
/// </summary>
public static class WeakPasswords
{
    private const int FewestDifferent = 5;

    /// <summary>Read forwards and backwards, round and round.</summary>
    private static readonly string[] Runs =
        ["01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1q2w3e4r5t6y7u8i9o0p",
            "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "qazwsxedcrfvtgbyhnujm"];

    /// <summary>Words that most guesses are made of, in both languages; beside them only digits, signs and runs are found.</summary>
    private static readonly string[] Words =
        ["password", "passwort", "passw0rd", "p@ssw0rd", "p@ssword", "slaptazodis", "slaptažodis", "administratorius", "administrator",
            "admin", "welcome", "laurel", "letmein", "iloveyou", "sunshine", "princess", "football", "basketball", "krepsinis", "krepšinis",
            "baseball", "superman", "starwars", "whatever", "trustno1", "changeme", "default", "secret", "login", "master", "monkey",
            "dragon", "shadow", "michael", "computer", "internet", "lietuva", "vilnius", "kaunas", "labas", "mylimas", "mylima", "test",
            "user", "root", "guest", "summer", "winter", "spring", "autumn", "vasara", "ziema", "žiema", "pavasaris", "ruduo"];

    public static bool Has(string password, string? name)
    {
        var plain = password.Trim().ToLowerInvariant();
        if (plain.Distinct().Count() < FewestDifferent) return true;
        if (IsRepeated(plain)) return true;
        var left = plain;
        if (name?.Trim().ToLowerInvariant() is { Length: > 2 } own) left = left.Replace(own, "", StringComparison.Ordinal);
        foreach (var word in Words) left = left.Replace(word, "", StringComparison.Ordinal);
        left = WithoutRuns(left);
        // What a number and a sign are all that is added to.
        return left.Count(char.IsLetter) < 3 && left.Length < plain.Length && left.Length <= 6;
    }

    /// <summary>One short piece, over and over: abcabcabcabc.</summary>
    private static bool IsRepeated(string text) =>
        Enumerable.Range(1, text.Length / 2).Any(n => Enumerable.Range(n, text.Length - n).All(i => text[i] == text[i - n]));

    /// <summary>Four keys or more in a row are as good as one.</summary>
    private static string WithoutRuns(string text)
    {
        for (var at = 0; at < text.Length; at++)
            for (var length = text.Length - at; length >= 4; length--)
                if (Runs.Any(run => IsIn(run, text.Substring(at, length)))) return WithoutRuns(text.Remove(at, length));
        return text;
    }

    private static bool IsIn(string run, string part)
    {
        var round = run + run;
        return round.Contains(part, StringComparison.Ordinal) || string.Concat(round.Reverse()).Contains(part, StringComparison.Ordinal);
    }
}
