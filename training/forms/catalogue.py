"""What the catalogue says of a course: its description, its units, its tools."""

from crispy_forms.layout import Column, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import helper, text
from training.forms.lines import Lines
from training.models import Course, CourseTool, CourseUnit, Trade
from training.services.courses import DESCRIBED

BLANK_TOOLS = 4
JP_MOST = 5000


class CourseForm(forms.ModelForm):
    """It only reads what was typed; the service writes."""

    trade = forms.ModelChoiceField(
        label=_("Kejuruan"), queryset=Trade.objects.all(), required=False
    )
    new_trade = forms.CharField(
        label=_("Kejuruan baru"),
        max_length=80,
        required=False,
        help_text=_("Bila belum ada di daftar."),
    )
    aim = text(label=_("Tujuan"), required=False, rows=2)

    class Meta:
        model = Course
        fields = [*DESCRIBED]
        help_texts = {
            "code": _("Kode program instansi pelatih; kode kerja boleh dipakai dulu."),
            "kkni_level": _("1 sampai 9; kosong bila tidak berjenjang."),
            "package_seats": _("Ukuran paket yang biasa diberikan instansi."),
        }
        widgets = {"other_material": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(
            Row(Column("code", css_class="col-md-4"), Column("name", css_class="col-md-8")),
            Row(Column("trade"), Column("new_trade")),
            Row(Column("kkni_level"), Column("jp"), Column("package_seats")),
            "minimum_attendance",
            "aim",
            "other_material",
        )

    def _post_clean(self):
        """The model's rules are the service's business: it says them beside the fields."""


class UnitForm(forms.Form):
    """A unit by its official code; its title is needed only when nobody has entered it yet."""

    code = forms.CharField(label=_("Kode unit"), max_length=40)
    name = forms.CharField(
        label=_("Judul unit"),
        max_length=200,
        required=False,
        help_text=_("Kosongkan bila kodenya sudah dikenal."),
    )
    standard = forms.CharField(
        label=_("SKKNI"), max_length=80, required=False, help_text=_("Misalnya SKKNI 41/2019.")
    )
    jp = forms.IntegerField(label=_("JP"), min_value=1, max_value=JP_MOST, required=False)
    helper = helper(
        Row(Column("code", css_class="col-md-4"), Column("name", css_class="col-md-8")),
        Row(Column("standard"), Column("jp")),
    )


class LineForm(forms.Form):
    """A unit of a course: its place, its JP, or away with it."""

    position = forms.IntegerField(label=_("Urutan"), min_value=1, max_value=999)
    jp = forms.IntegerField(label=_("JP"), min_value=1, max_value=JP_MOST, required=False)
    remove = forms.BooleanField(label=_("Keluarkan"), required=False)

    def __init__(self, *args, line: CourseUnit, **kwargs):
        super().__init__(
            *args,
            prefix=f"unit-{line.pk}",
            initial={"position": line.position, "jp": line.jp},
            **kwargs,
        )
        self.line = line
        for name in ("position", "jp"):
            self.fields[name].widget.attrs["class"] = "form-control short"
        self.fields["remove"].widget.attrs["class"] = "form-check-input"


class ToolForm(forms.Form):
    name = forms.CharField(
        label=_("Alat"),
        max_length=CourseTool._meta.get_field("name").max_length,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "placeholder": _("Alat lain")}),
    )
    quantity = forms.IntegerField(
        label=_("Jumlah"),
        min_value=0,
        max_value=999,
        required=False,
        widget=forms.NumberInput(attrs={"class": "form-control short"}),
    )

    def clean(self):
        typed = super().clean()
        name, quantity = (typed.get("name") or "").strip(), typed.get("quantity")
        if quantity and not name:
            self.add_error("name", _("Tulis nama alatnya."))
        if name and quantity is None and "quantity" not in self.errors:
            self.add_error("quantity", _("Isi jumlahnya, 0 untuk mengeluarkannya."))
        return typed


_ToolFormSet = forms.formset_factory(ToolForm, formset=Lines, extra=0, max_num=200)


def tools_form(data, course):
    """The tools of a course, and blank lines for more."""
    lines = [{"name": tool.name, "quantity": tool.quantity} for tool in course.tools.all()]
    return _ToolFormSet(data, initial=[*lines, *([{}] * BLANK_TOOLS)], prefix="tools")
