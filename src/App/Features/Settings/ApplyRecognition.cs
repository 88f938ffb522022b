using Laurel.App.Features.Achievements;
using Laurel.Engine.Kernel;

namespace Laurel.App.Features.Settings;

/// <summary>Who sees what of recognition, as a setup file says it.</summary>
internal static class ApplyRecognition
{
    public static void Run(Agreement agreement, Workday today)
    {
        agreement.Differs("setting", SwitchAreas.Setting,
            [.. SwitchAreas.Set(agreement.Connection, agreement.Transaction, agreement.Setup.Areas, today, agreement.Now)]);
        if (agreement.Setup.Colleagues is { } wanted)
            Set(agreement, RecognitionSettings.Colleagues,
                RecognitionSettings.Setting(agreement.Connection, agreement.Transaction).Word(), wanted.Word());
        if (agreement.Setup.ShowsNegative is { } shown)
            agreement.Differs("setting", NegativeBadges.Setting, NegativeBadges.Set(agreement.Connection, agreement.Transaction, shown));
        if (agreement.Setup.SmallestGroup is { } group)
            Set(agreement, RecognitionSettings.SmallestGroup,
                RecognitionSettings.Said(RecognitionSettings.Group(agreement.Connection, agreement.Transaction)),
                RecognitionSettings.Said(group));
    }

    private static void Set(Agreement agreement, string setting, string before, string after)
    {
        if (RecognitionSettings.Set(agreement.Connection, agreement.Transaction, setting, before, after) is { IsReal: true } change)
            agreement.Differs("setting", setting, change);
    }
}
