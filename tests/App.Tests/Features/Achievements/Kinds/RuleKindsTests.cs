using System.Text.RegularExpressions;
using Laurel.App.Features.Achievements.Kinds;
using Laurel.Engine.Achievements;

namespace Laurel.App.Tests.Features.Achievements.Kinds;

/// <summary>A kind of rule is added by adding its files: nothing else names it.</summary>
public sealed partial class RuleKindsTests
{
    /// <summary>What is of one kind by its nature, and no choice among kinds.</summary>
    private static readonly HashSet<(string Rule, string File)> OfOneKind =
    [
        // A limit on a metric in a range is what several rules are made of.
        ("Threshold", "Engine/Goals/Goal.cs"), ("Threshold", "Engine/Achievements/Streak.cs"),
        ("Threshold", "Engine/Achievements/FastPath.cs"), ("Threshold", "Engine/Achievements/Progress.cs"),
        ("Threshold", "Engine/Achievements/PersonalGoal.cs"), ("Threshold", "Engine/Achievements/FirstTime.cs"),
        // Levels with a target each, and the way to the next multiple of one.
        ("Threshold", "App/Features/Achievements/AchievementPage.razor"), ("Threshold", "App/Features/Achievements/Collection.cs"),
        // A contest: who leads it, its standing, and deciding it anew among all.
        ("BestOfPeriod", "Engine/Achievements/Progress.cs"), ("BestOfPeriod", "App/Features/Achievements/AchievementPage.razor"),
        ("BestOfPeriod", "App/Features/Achievements/MovingCard.razor"),
        ("BestOfPeriod", "App/Features/Achievements/Manage/TestRule.cs"),
        // What an improvement was over.
        ("Improvement", "App/Features/Achievements/ImprovedBy.cs"),
        // Draws are made and kept.
        ("LuckyDraw", "App/Features/Achievements/Draws.cs"), ("LuckyDraw", "App/Features/Achievements/Manage/TestRecorded.cs"),
        // Whoever reaches a goal is told, badge or not.
        ("PersonalGoal", "App/Features/Goals/TellReached.cs"),
    ];

    /// <summary>Words that stand for something else there.</summary>
    private static readonly HashSet<(string Word, string File)> OtherWords =
    [
        ("threshold", "App/Features/Achievements/Manage/BacktestApi.cs"),
        ("collection", "App/Features/Achievements/AchievementsPage.razor"),
        // The part of that page.
        ("collection", "App/Features/Tours/Tour.cs"),
    ];

    // The reference says every rule a second time, on purpose; the style page is a picture.
    private static readonly Dictionary<string, string> Sources = Directory
        .EnumerateFiles(Path.Combine(Checkout.Root, "src"), "*.*", SearchOption.AllDirectories)
        .Where(file => file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".razor", StringComparison.Ordinal))
        .Select(file => Path.GetRelativePath(Path.Combine(Checkout.Root, "src"), file).Replace('\\', '/'))
        .Where(file => !file.Split('/').Any(part => part is "obj" or "bin" or "node_modules" or "Reference" or "Style"))
        .ToDictionary(file => file, file => Comments().Replace(File.ReadAllText(Path.Combine(Checkout.Root, "src", file)), ""));

    public static TheoryData<string> All => [.. RuleKinds.All.Select(k => k.Type)];

    [Theory, MemberData(nameof(All))]
    public void Rule_is_named_by_its_own_files_alone(string type)
    {
        var rule = RuleKinds.Named(type).Rules.Name;
        var name = new Regex($@"\b{rule}\b", RegexOptions.None, TimeSpan.FromSeconds(5));
        Sources.Where(s => name.IsMatch(Texts().Replace(s.Value, ""))).Select(s => s.Key)
            .Where(file => !IsOwn(file, rule, type) && !OfOneKind.Contains((rule, file))).Order().ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(All))]
    public void Word_of_a_setup_file_is_written_by_its_own_files_alone(string type) =>
        Sources.Where(s => s.Value.Contains($"\"{type}\"", StringComparison.Ordinal)).Select(s => s.Key)
            .Where(file => !IsOwn(file, RuleKinds.Named(type).Rules.Name, type) && !OtherWords.Contains((type, file)))
            .Order().ShouldBeEmpty();

    [Fact]
    public void All_rules_of_the_engine_have_a_kind() => RuleKinds.All.Select(k => k.Rules)
        .ShouldBe(typeof(Rule).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Rule))), ignoreOrder: true);

    [Fact]
    public void Exceptions_are_still_needed() =>
        OfOneKind.Where(known => !Sources[known.File].Contains(known.Rule, StringComparison.Ordinal)).ShouldBeEmpty();

    /// <summary>Rule.cs says under which name its JSON is kept.</summary>
    private static bool IsOwn(string file, string rule, string type)
    {
        var kind = string.Concat(type.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
        return file is "Engine/Achievements/Rule.cs" || file.StartsWith($"Engine/Achievements/{rule}", StringComparison.Ordinal)
            || file.StartsWith($"App/Features/Achievements/Kinds/{kind}", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"//.*|@\*(?s:.*?)\*@", RegexOptions.None, 5000)]
    private static partial Regex Comments();

    [GeneratedRegex("""
        "(?:[^"\\\n]|\\.)*"
        """, RegexOptions.IgnorePatternWhitespace, 5000)]
    private static partial Regex Texts();
}
