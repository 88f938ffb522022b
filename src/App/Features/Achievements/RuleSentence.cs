using Laurel.App.Features.Achievements.Kinds;
using Laurel.Engine.Achievements;

namespace Laurel.App.Features.Achievements;

/// <summary>A rule as one sentence in the reader's language.</summary>
public sealed class RuleSentence(AchievementWords words)
{
    /// <summary>"“Calls answered” reaches 50, 55 or 65 in one week. Every week anew."</summary>
    public string Of(AchievementBook book, Rule rule, Repeat repeat) => RuleKinds.Of(rule).Sentence(words.Over(book), rule, repeat);
}
