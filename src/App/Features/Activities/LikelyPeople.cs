using System.Globalization;
using System.Text;
using Laurel.App.Features.People;
using Laurel.App.Platform.Yaml;

namespace Laurel.App.Features.Activities;

/// <summary>Somebody who is known, as a suggestion shows them.</summary>
public sealed record KnownPerson(string Id, string Name, string? Email, string? Team)
{
    /// <param name="value">What a form sends for the person.</param>
    public Eligible ToChoose(string value) => new(value, Id, Name, Team, Team is null ? Id : $"{Id} · {Team}");
}

/// <summary>Who was probably meant by an id that nobody has.</summary>
public static class LikelyPeople
{
    public const int Most = 3;

    /// <summary>
    /// The nearest by id, name and e-mail address, nearest first; none where none is near. Digits must be the same: agent-17 is no slip of
    /// the finger for agent-18.
    /// </summary>
    public static IReadOnlyList<KnownPerson> For(string awaited, IReadOnlyList<KnownPerson> known)
    {
        var wanted = Forms(awaited).Select(form => (Form: form, Digits: Digits(form))).ToList();
        // An awaited name may hold the id of a person; compared with all of a name its parts would find every namesake.
        var words = Plain(awaited).Where(word => word.Length > 3).ToList();
        return [.. known.Select(person => (Person: person, Distance: Nearest(wanted, words, person)))
            .Where(p => p.Distance < int.MaxValue)
            .OrderBy(p => p.Distance).ThenBy(p => p.Person.Id, StringComparer.Ordinal)
            .Take(Most).Select(p => p.Person)];
    }

    private static int Nearest(List<(string Form, string Digits)> wanted, List<string> words, KnownPerson person)
    {
        var best = words.Count > 0 && words.Contains(string.Concat(Plain(person.Id)), StringComparer.Ordinal) ? 0 : int.MaxValue;
        foreach (var theirs in Forms(person.Id).Concat(NameForms(person.Name)).Concat(person.Email is null ? [] : Forms(person.Email)))
            foreach (var (form, digits) in wanted)
            {
                var most = Math.Max(1, Math.Max(form.Length, theirs.Length) / 4);
                // Of thousands of people nearly all are told apart by the length.
                if (Math.Abs(form.Length - theirs.Length) > most || !digits.Equals(Digits(theirs), StringComparison.Ordinal)) continue;
                var distance = Suggestion.Distance(form, theirs);
                if (distance <= most) best = Math.Min(best, distance);
            }
        return best;
    }

    /// <summary>Small letters and digits alone, with the words in both orders, and what stands before an @.</summary>
    private static IEnumerable<string> Forms(string text)
    {
        var whole = Plain(text);
        if (whole.Count == 0) yield break;
        yield return string.Concat(whole);
        if (whole.Count > 1) yield return string.Concat(whole.AsEnumerable().Reverse());
        if (text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at) yield return string.Concat(Plain(text[..at]));
    }

    /// <summary>A name goes by each of its longer words, too.</summary>
    private static IEnumerable<string> NameForms(string name) => Forms(name).Concat(Plain(name).Where(word => word.Length > 3));

    /// <summary>The words of a text, without accents.</summary>
    private static List<string> Plain(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var c in text.Normalize(NormalizationForm.FormD).Append(' '))
        {
            if (char.IsLetterOrDigit(c)) word.Append(char.ToLowerInvariant(c));
            else if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark && word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }
        return words;
    }

    private static string Digits(string text) => string.Concat(text.Where(char.IsDigit)).TrimStart('0');
}
