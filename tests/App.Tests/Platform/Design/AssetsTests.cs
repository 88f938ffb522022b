using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Laurel.App.Tests.Platform.Design;

/// <summary>What the build made out of npm packages, and its weight.</summary>
public sealed partial class AssetsTests
{
    private static readonly string App = Path.Combine(Checkout.Root, "src/App");
    private static readonly string Made = Path.Combine(App, "wwwroot/made");

    [Fact]
    public void Style_and_script_keep_their_budgets()
    {
        Compressed("app.css").ShouldBeLessThanOrEqualTo(16 * 1024);
        Directory.EnumerateFiles(Made, "*.js").Sum(file => Compressed(Path.GetFileName(file))).ShouldBeLessThanOrEqualTo(10 * 1024);
        Compressed("icons.svg").ShouldBeLessThanOrEqualTo(16 * 1024);
        Directory.EnumerateFiles(Made, "*.woff2").Sum(file => new FileInfo(file).Length).ShouldBeLessThanOrEqualTo(85 * 1024);
    }

    [Fact]
    public void Fonts_that_the_style_names_are_there()
    {
        var named = FontFile().Matches(File.ReadAllText(Path.Combine(Made, "app.css"))).Select(match => match.Value).Distinct().ToList();
        named.Count.ShouldBe(4);
        named.ShouldAllBe(file => File.Exists(Path.Combine(Made, file)));
    }

    [Fact]
    public void Icons_that_the_pages_name_are_in_the_sprite()
    {
        var listed = JsonSerializer.Deserialize<HashSet<string>>(File.ReadAllText(Path.Combine(App, "Assets/icons.json")))!;
        var named = Directory.EnumerateFiles(App, "*.*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".razor", StringComparison.Ordinal) || file.EndsWith(".cs", StringComparison.Ordinal))
            .Where(file => !Path.GetRelativePath(App, file).Split('/', '\\').Any(part => part is "obj" or "bin" or "node_modules"))
            .SelectMany(file => NamedIcon().Matches(File.ReadAllText(file))).Select(match => match.Groups["name"].Value);
        named.Except(listed).Order().ShouldBeEmpty();
    }

    [Fact]
    public void Lock_file_names_no_registry() =>
        File.ReadAllText(Path.Combine(App, "Assets/package-lock.json")).ShouldNotContain("\"resolved\"");

    private static long Compressed(string name)
    {
        using var counted = new MemoryStream();
        using (var brotli = new BrotliStream(counted, CompressionLevel.SmallestSize, leaveOpen: true))
            brotli.Write(File.ReadAllBytes(Path.Combine(Made, name)));
        return counted.Length;
    }

    [GeneratedRegex(@"[a-z-]+-[A-Z0-9]{8}\.woff2", RegexOptions.None, 1000)]
    private static partial Regex FontFile();

    [GeneratedRegex("""(<Icon\s[^>]*\bName|\bIcon)\s*=\s*"(?<name>[a-z][a-z-]*)"|new\s+MenuEntry\(\s*"[^"]*",\s*"(?<name>[a-z-]+)[\x22]""",
        RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex NamedIcon();
}
