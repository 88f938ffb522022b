using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Laurel.App.Tests.Platform.Localisation;

/// <summary>Holds code and Ui.lt.resx together: every text has its Lithuanian, and nothing is left over.</summary>
public sealed partial class TranslationTests
{
    private static readonly string App = Path.Combine(Checkout.Root, "src/App");

    // Names and signs that are written the same in both languages.
    private static readonly HashSet<string> Same = new(StringComparer.Ordinal) { "Laurel", "API", "CSV", "JSON", "Demo" };

    private static readonly Dictionary<string, string> Lithuanian = XDocument
        .Load(Path.Combine(App, "Platform/Localisation/Ui.lt.resx")).Root!.Elements("data")
        .ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value, StringComparer.Ordinal);

    private static readonly List<string> Sources = [.. Directory.EnumerateFiles(App, "*.*", SearchOption.AllDirectories)
        .Where(file => file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".razor", StringComparison.Ordinal))
        .Where(file => !Path.GetRelativePath(App, file).Split('/', '\\').Any(part => part is "obj" or "bin" or "node_modules"))
        .Where(file => !file.EndsWith("StylePage.razor", StringComparison.Ordinal))
        .Select(Code)];

    private static readonly HashSet<string> Keys = [.. Sources.SelectMany(KeysIn)];

    [Fact]
    public void Lithuanian_every_text_of_the_code_has_an_entry() => Keys.Except(Lithuanian.Keys).Order().ShouldBeEmpty();

    [Fact]
    public void Lithuanian_no_entry_is_unused() => Lithuanian.Keys.Except(Keys).Order().ShouldBeEmpty();

    [Fact]
    public void Lithuanian_no_entry_is_left_in_english() =>
        Lithuanian.Where(entry => entry.Key == entry.Value && !Same.Contains(entry.Key) && entry.Key.Any(char.IsLetter))
            .Select(entry => entry.Key).ShouldBeEmpty();

    [Fact]
    public void Lithuanian_every_entry_keeps_the_placeholders() =>
        Lithuanian.Where(entry => entry.Value.Split('|').Any(form => !Placeholders(form).SetEquals(Placeholders(entry.Key))))
            .Select(entry => entry.Key).ShouldBeEmpty();

    /// <summary>Without the number all forms would be shown, one behind the other.</summary>
    [Fact]
    public void Lithuanian_text_of_several_forms_is_asked_for_with_its_number() =>
        Sources.SelectMany(source => Indexed().Matches(source)).Select(match => Regex.Unescape(match.Groups["text"].Value))
            .Where(text => Lithuanian.GetValueOrDefault(text)?.Contains('|') == true).ShouldBeEmpty();

    [Fact]
    public void Lithuanian_entries_are_sorted() => Lithuanian.Keys.ShouldBe(Lithuanian.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void KeysIn_every_way_of_naming_a_text_is_seen() => KeysIn("""
        @L["One"] L["Two {0}", name] Texts.Count(n, "{0} three", "{0} threes") new MenuEntry("Four", "icon", Short: "Five")
        [Required(ErrorMessage = "Six")] Ui.Text("Seven \"quoted\"") new TopBarSearch("/x", "Eight")
        """).ShouldBe(["One", "Two {0}", "{0} three", "{0} threes", "Four", "Five", "Six", "Seven \"quoted\"", "Eight"], ignoreOrder: true);

    private static string Code(string file) =>
        string.Join('\n', File.ReadLines(file).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));

    private static IEnumerable<string> KeysIn(string source) => Texts().Matches(source)
        .SelectMany(match => match.Groups["text"].Captures)
        .Select(capture => Regex.Unescape(capture.Value));

    private static HashSet<string> Placeholders(string text) => [.. Placeholder().Matches(text).Select(match => match.Value)];

    [GeneratedRegex("""
        (?: \bL\[\s* | \b[tT]exts\[\s* | \b(?:L|[tT]exts)\.Count\([^"\n;]*,\s* | \bnew\sMenuEntry\(\s* | \bShort:\s*
          | \bErrorMessage\s*=\s* | \bUi\.Text\(\s* | \bnew\sTopBarSearch\("[^"]*",\s* )
        "(?<text>(?:[^"\\]|\\.)*)"
        (?: (?<=\b(?:L|[tT]exts)\.Count\([^"\n;]*,\s*"(?:[^"\\]|\\.)*") \s*,\s* "(?<text>(?:[^"\\]|\\.)*)" )?
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Texts();

    [GeneratedRegex("""
        \b (?:L | [tT]exts) \[ \s* "(?<text>(?:[^"\\]|\\.)*)"
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Indexed();

    [GeneratedRegex(@"\{\d+[^}]*\}", RegexOptions.None, 5000)]
    private static partial Regex Placeholder();
}
