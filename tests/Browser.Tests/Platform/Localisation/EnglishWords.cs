using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Laurel.Browser.Tests.Platform.Localisation;

/// <summary>Whoever reads Lithuanian meets no English text of the pages.</summary>
public static partial class EnglishWords
{
    /// <summary>What a page in Lithuanian says in the words of an English text of the program.</summary>
    public static async Task<List<string>> Found(Visit visit)
    {
        (await visit.Page.Locator("html").GetAttributeAsync("lang")).ShouldBe("lt");
        var texts = await visit.Page.EvaluateAsync<string[]>(Texts);
        texts.Length.ShouldBeGreaterThan(5);
        return [.. texts.Where(text => English.Any(key => key.IsMatch(text)))];
    }

    /// <summary>What is read or read out: text, and the attributes that hold words.</summary>
    private const string Texts = """
        () => {
          const texts = [document.title.split(" · ")[0]];
          const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (nodes.nextNode())
            if (!nodes.currentNode.parentElement.closest("script, style, code, pre, [lang=en]")) texts.push(nodes.currentNode.data);
          for (const e of document.querySelectorAll("[aria-label], [placeholder], [title], [alt]"))
            for (const name of ["aria-label", "placeholder", "title", "alt"]) texts.push(e.getAttribute(name) ?? "");
          return [...new Set(texts.map(t => t.trim().replace(/\s+/g, " ")).filter(t => t.length > 2))];
        }
        """;

    /// <summary>
    /// The English keys as patterns; those that are the same in Lithuanian, or hardly more than what is filled in, tell nothing.
    /// </summary>
    private static readonly List<Regex> English = ReadKeys();

    private static List<Regex> ReadKeys()
    {
        var entries = XDocument.Load(Path.Combine(Checkout.Root, "src/App/Platform/Localisation/Ui.lt.resx")).Root!.Elements("data")
            .Select(e => (Key: e.Attribute("name")!.Value, Text: e.Element("value")!.Value)).ToList();
        var lithuanian = entries.Select(e => e.Text).ToHashSet(StringComparer.Ordinal);
        return [.. entries.Where(e => !lithuanian.Contains(e.Key) && Word().IsMatch(Hole().Replace(e.Key, "")))
            .Select(e =>
                new Regex($"^{string.Join(".+", Hole().Split(e.Key).Select(Regex.Escape))}$", RegexOptions.None, TimeSpan.FromSeconds(1)))];
    }

    [GeneratedRegex(@"\{\d[^}]*\}", RegexOptions.None, 1000)]
    private static partial Regex Hole();

    [GeneratedRegex("[A-Za-z]{4}", RegexOptions.None, 1000)]
    private static partial Regex Word();
}
