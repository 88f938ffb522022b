namespace Laurel.App.Platform.Components;

/// <summary>Where a value stands against its target; never shown by colour alone.</summary>
public enum Zone
{
    OnTarget,
    Close,
    NeedsFocus,
}

/// <summary>The accents of chips, notes and tiles. Gold is for recognition only.</summary>
public enum Tone
{
    Plain,
    Brand,
    Good,
    Close,
    Needs,
    Gold,
}

internal static class Tones
{
    /// <summary>The ending of a class: "chip" + "-good".</summary>
    public static string Suffix(this Tone tone) => tone switch
    {
        Tone.Plain => "",
        Tone.Brand => "-brand",
        Tone.Good => "-good",
        Tone.Close => "-close",
        Tone.Needs => "-needs",
        Tone.Gold => "-gold",
    };

    public static string With(this Tone tone, string name) => tone == Tone.Plain ? name : $"{name} {name}{tone.Suffix()}";

    public static Tone AsTone(this Zone zone) => zone switch
    {
        Zone.OnTarget => Tone.Good,
        Zone.Close => Tone.Close,
        Zone.NeedsFocus => Tone.Needs,
    };

    /// <summary>The icon of a note.</summary>
    public static string Sign(this Tone tone) => tone switch
    {
        Tone.Plain => "info",
        Tone.Brand => "lightbulb",
        Tone.Good => "check-circle",
        Tone.Close or Tone.Needs => "warning-circle",
        Tone.Gold => "star",
    };
}
